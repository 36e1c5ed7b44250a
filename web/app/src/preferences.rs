//! What the page remembers between visits: language and theme. Where the browser keeps nothing, they are asked anew.

use web_sys::window;

fn storage() -> Option<web_sys::Storage> {
    window()?.local_storage().ok()?
}

/// What was remembered under `key`.
pub(crate) fn get(key: &str) -> Option<String> {
    storage()?.get_item(&format!("breiband.{key}")).ok()?
}

/// Remembers `value` under `key`.
pub(crate) fn set(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A full or forbidden store loses a preference, no more.
        let _ = storage.set_item(&format!("breiband.{key}"), value);
    }
}

/// The browser's first language, such as `nb-NO`.
pub(crate) fn browser_language() -> String {
    window().and_then(|window| window.navigator().language()).unwrap_or_default()
}

/// Whether the system asks for a dark page.
pub(crate) fn system_is_dark() -> bool {
    let query = window().and_then(|window| window.match_media("(prefers-color-scheme: dark)").ok().flatten());
    query.is_some_and(|query| query.matches())
}

/// Marks the page's language and theme on its root element. `theme` is empty where the system decides.
pub(crate) fn mark_page(language: &str, theme: &str, dark: bool, title: &str) {
    let Some(document) = window().and_then(|window| window.document()) else { return };
    document.set_title(title);
    let Some(root) = document.document_element() else { return };
    let _ = root.set_attribute("lang", language);
    let _ =
        if theme.is_empty() { root.remove_attribute("data-theme") } else { root.set_attribute("data-theme", theme) };
    let _ = if dark { root.set_attribute("data-dark", "") } else { root.remove_attribute("data-dark") };
}

/// The part of the address after `?`.
pub(crate) fn query() -> String {
    window().and_then(|window| window.location().search().ok()).unwrap_or_default()
}

/// Moves the keyboard's focus to the element of this id.
pub(crate) fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let element = window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        // An element that cannot be focused leaves the focus where it is.
        let _ = element.focus();
    }
}

/// Scrolls an element to its top, by its id.
pub(crate) fn to_top(id: &str) {
    let element = window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element {
        element.set_scroll_top(0);
    }
}

/// Closes an element that can be opened, by its id.
pub(crate) fn close(id: &str) {
    let element = window().and_then(|window| window.document()).and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element {
        // What is not open stays so.
        let _ = element.remove_attribute("open");
    }
}

/// Whether what an event comes from is open.
pub(crate) fn is_open(target: Option<web_sys::EventTarget>) -> bool {
    use wasm_bindgen::JsCast;
    target.and_then(|target| target.dyn_into::<web_sys::Element>().ok()).is_some_and(|one| one.has_attribute("open"))
}

/// Whether an event comes from a field that is written in; and whether from something that keys press.
pub(crate) fn is_field(target: Option<web_sys::EventTarget>) -> [bool; 2] {
    use wasm_bindgen::JsCast;
    let element = target.and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let name = element.map(|element| element.tag_name()).unwrap_or_default();
    [matches!(name.as_str(), "INPUT" | "TEXTAREA" | "SELECT"), matches!(name.as_str(), "BUTTON" | "SUMMARY" | "A")]
}
