//! Files the user opens: chosen, dropped, or the sample's, as attachments for the worker.

use js_sys::{ArrayBuffer, Promise};
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, FileList, HtmlInputElement, Response};

use crate::bridge::Attachment;

/// What opening came to: the names with their bytes, or the name of what could not be read.
pub(crate) type Opened = Result<Vec<(String, Attachment)>, String>;

/// Today's date, `yyyy-mm-dd`.
pub(crate) fn today() -> String {
    let text = js_sys::Date::new_0().to_iso_string().as_string().unwrap_or_default();
    text.chars().take(10).collect()
}

/// Reads the files of a file field, and empties the field so that the same file can be chosen again.
pub(crate) fn chosen(event: &web_sys::Event, then: impl FnOnce(Opened) + 'static) {
    let Some(field) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
    if let Some(list) = field.files() {
        read(&list, then, move || field.set_value(""));
    }
}

/// Reads dropped files.
pub(crate) fn dropped(event: &DragEvent, then: impl FnOnce(Opened) + 'static) {
    if let Some(list) = event.data_transfer().and_then(|data| data.files()) {
        read(&list, then, || ());
    }
}

fn read(list: &FileList, then: impl FnOnce(Opened) + 'static, after: impl FnOnce() + 'static) {
    let files: Vec<_> = (0..list.length()).filter_map(|at| list.item(at)).collect();
    if files.is_empty() {
        return;
    }
    spawn_local(async move {
        let mut opened = Vec::with_capacity(files.len());
        for file in files {
            match buffer(file.array_buffer()).await {
                Some(bytes) => opened.push((file.name(), bytes)),
                None => return then(Err(file.name())),
            }
        }
        after();
        then(Ok(opened));
    });
}

/// Fetches the sample region's files from where the page itself came from.
pub(crate) fn sample(then: impl FnOnce(Opened) + 'static) {
    spawn_local(async move {
        let opened = fetch_sample().await;
        then(opened.ok_or_else(|| "sample/".to_owned()));
    });
}

/// Fetches what is shown of the plan that the server was given.
pub(crate) fn plan(then: impl FnOnce(Opened) + 'static) {
    spawn_local(async move {
        let mut opened = Vec::new();
        for name in ["summary.json", "network.geojson", "premises.geojson"] {
            let address = format!("plan/{name}");
            let bytes = match fetch(&address).await.and_then(|response| response.array_buffer().ok()) {
                Some(promise) => buffer(promise).await,
                None => None,
            };
            match bytes {
                Some(bytes) => opened.push((name.to_owned(), bytes)),
                None => return then(Err(address)),
            }
        }
        then(Ok(opened));
    });
}

async fn fetch_sample() -> Option<Vec<(String, Attachment)>> {
    let index = fetch("sample/index.txt").await?;
    let index = JsFuture::from(index.text().ok()?).await.ok()?.as_string()?;
    let mut opened = Vec::new();
    for name in index.lines() {
        let response = fetch(&format!("sample/{name}")).await?;
        opened.push((name.to_owned(), buffer(response.array_buffer().ok()?).await?));
    }
    (!opened.is_empty()).then_some(opened)
}

async fn fetch(address: &str) -> Option<Response> {
    let response = JsFuture::from(web_sys::window()?.fetch_with_str(address)).await.ok()?;
    response.dyn_into::<Response>().ok().filter(Response::ok)
}

async fn buffer(promise: Promise) -> Option<Attachment> {
    JsFuture::from(promise).await.ok()?.dyn_into::<ArrayBuffer>().ok().map(Attachment)
}
