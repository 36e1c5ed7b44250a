//! The last project in the browser's own database, and files given to the user; bound to `storage.mjs`.

use js_sys::{ArrayBuffer, Promise};
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::bridge::Attachment;

#[wasm_bindgen(raw_module = "./storage.mjs")]
extern "C" {
    #[wasm_bindgen(js_name = keep)]
    fn js_keep(bytes: &ArrayBuffer, whole: bool) -> Promise;
    #[wasm_bindgen(js_name = kept)]
    fn js_kept() -> Promise;
    #[wasm_bindgen(js_name = copy)]
    fn js_copy(text: &str);
    #[wasm_bindgen(js_name = download)]
    fn js_download(name: &str, bytes: &ArrayBuffer);
}

/// Keeps a project, whole or its document alone; `then` hears `full`, `refused`, or nothing where it went well.
pub(crate) fn keep(bytes: Attachment, whole: bool, then: impl FnOnce(String) + 'static) {
    spawn_local(async move {
        let said = JsFuture::from(js_keep(&bytes.0, whole)).await;
        then(said.ok().and_then(|said| said.as_string()).unwrap_or_else(|| "refused".to_owned()));
    });
}

/// The project that was kept last, if there is one.
pub(crate) fn kept(then: impl FnOnce(Option<Attachment>) + 'static) {
    spawn_local(async move {
        let found = JsFuture::from(js_kept()).await.ok();
        then(found.and_then(|found| found.dyn_into::<ArrayBuffer>().ok()).map(Attachment));
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
