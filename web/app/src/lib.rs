//! The page: views of the planning session that runs in a worker. Sends commands, shows the events that come back.
//!
//! Architecture invariant: this crate sees the wire types and the messages, never the core; only `bridge`, `map`, `files` and
//! `storage` touch a JavaScript value.

mod bridge;
mod files;
mod map;
mod preferences;
mod state;
mod storage;
mod text;
mod views;

use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

/// Mounts the page.
#[wasm_bindgen(start)]
pub fn start() {
    mount_to_body(views::Page);
}
