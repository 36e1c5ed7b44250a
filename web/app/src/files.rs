//! Files the user opens: chosen, dropped, or the sample's, as attachments for the worker.

use js_sys::{ArrayBuffer, Promise};
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, FileList, HtmlInputElement, Response};

use crate::bridge::Attachment;

/// What opening came to: what could be read, and what could not.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// Names with their bytes.
    pub(crate) files: Vec<(String, Attachment)>,
    /// The name of a file that could not be read.
    pub(crate) unreadable: Option<String>,
    /// The name and size of a file that does not fit in a tab.
    pub(crate) large: Option<(String, f64)>,
}

/// What fits in a tab, bytes: the worker has 4 GB for the file, what is read from it, and the plan.
pub(crate) const MOST_BYTES: f64 = 1e9;

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
        let mut opened = Opened::default();
        let mut room = MOST_BYTES;
        for file in files {
            if file.size() > room {
                opened.large = Some((file.name(), file.size()));
                continue;
            }
            room -= file.size();
            match buffer(file.array_buffer()).await {
                Some(bytes) => opened.files.push((file.name(), bytes)),
                None => opened.unreadable = Some(file.name()),
            }
        }
        after();
        then(opened);
    });
}

/// Fetches the sample region's files from where the page itself came from.
pub(crate) fn sample(then: impl FnOnce(Opened) + 'static) {
    spawn_local(async move {
        let files = fetch_sample().await;
        let unreadable = files.is_none().then(|| "sample/".to_owned());
        then(Opened { files: files.unwrap_or_default(), unreadable, large: None });
    });
}

/// Fetches what is shown of the plan that the server was given.
pub(crate) fn plan(then: impl FnOnce(Opened) + 'static) {
    spawn_local(async move {
        let mut opened = Opened::default();
        for name in ["summary.json", "network.geojson", "premises.geojson"] {
            let address = format!("plan/{name}");
            let bytes = match fetch(&address).await.and_then(|response| response.array_buffer().ok()) {
                Some(promise) => buffer(promise).await,
                None => None,
            };
            match bytes {
                Some(bytes) => opened.files.push((name.to_owned(), bytes)),
                None => opened.unreadable = Some(address),
            }
        }
        then(opened);
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
