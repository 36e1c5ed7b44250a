//! The last project in the browser's own database, and files given to the user; bound to `storage.mjs`.

use js_sys::{Array, ArrayBuffer, Promise};
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::bridge::Attachment;

#[wasm_bindgen(raw_module = "./storage.mjs")]
extern "C" {
    #[wasm_bindgen(js_name = keep)]
    fn js_keep(parts: &Array, whole: bool, from: u32) -> Promise;
    #[wasm_bindgen(js_name = kept)]
    fn js_kept(ask: bool) -> Promise;
    #[wasm_bindgen(js_name = copy)]
    fn js_copy(text: &str);
    #[wasm_bindgen(js_name = download)]
    fn js_download(name: &str, bytes: &ArrayBuffer);
}

/// Keeps what the session gives: a project, the files that only its history has, and steps of that from a number on; `whole` with its
/// files. `then` hears what the browser says of it, nothing where it went well.
pub(crate) fn keep(parts: Vec<Attachment>, whole: bool, from: u32, then: impl FnOnce(String) + 'static) {
    let parts: Array = parts.into_iter().map(|part| part.0).collect();
    spawn_local(async move {
        let said = JsFuture::from(js_keep(&parts, whole, from)).await;
        then(said.ok().and_then(|said| said.as_string()).unwrap_or_else(|| "refused".to_owned()));
    });
}

/// The project that was kept last, if there is one, and the steps of its history; nothing of them where it is only asked for.
pub(crate) fn kept(ask: bool, then: impl FnOnce(Option<Vec<Attachment>>) + 'static) {
    spawn_local(async move {
        let found = JsFuture::from(js_kept(ask)).await.ok().and_then(|found| found.dyn_into::<Array>().ok());
        then(found.map(|parts| parts.iter().map(|part| Attachment(part.unchecked_into())).collect()));
    });
}

/// A file's text.
pub(crate) fn text(bytes: &Attachment) -> String {
    String::from_utf8_lossy(&js_sys::Uint8Array::new(&bytes.0).to_vec()).into_owned()
}

/// Puts a text where it can be pasted from; a browser that refuses it changes nothing.
pub(crate) fn copy(text: &str) {
    js_copy(text);
}

/// Gives the user a file.
pub(crate) fn download(name: &str, bytes: &Attachment) {
    js_download(name, &bytes.0);
}
