//! The session behind a worker's message port. A message is an array: the postcard bytes, then the attachments, which are handed
//! over and not copied.
//!
//! Between two slices of work the worker goes back to its message loop, so that a cancel is heard.

use std::cell::RefCell;
use std::hint::black_box;

use breiband_session::{Outgoing, Session};
use breiband_wire::{Event, Reply, Request, decode, encode};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent};

/// Bytes that a plan of a file takes for each of the file's, about: Liechtenstein's map.
const ROOM: usize = 80;
/// Bytes that are asked for ahead, at most.
const MOST_ROOM: usize = 512 << 20;

struct Worker {
    session: Session,
    /// A message to ourselves comes after those that wait: the next slice.
    channel: MessageChannel,
    slice_asked: bool,
}

thread_local! {
    static WORKER: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

/// Starts the session and tells the page that it is there.
///
/// # Errors
/// The browser gives no message channel.
#[wasm_bindgen(start)]
pub fn start() -> Result<(), JsValue> {
    let channel = MessageChannel::new()?;
    let on_slice = Closure::<dyn FnMut(MessageEvent)>::new(|_| slice());
    channel.port1().set_onmessage(Some(on_slice.as_ref().unchecked_ref()));
    on_slice.forget();
    WORKER.set(Some(Worker { session: Session::new(), channel, slice_asked: false }));
    post(Outgoing { reply: Reply { revision: 0, event: Event::Ready }, attachments: Vec::new() });
    Ok(())
}

/// Takes a message of the page.
#[wasm_bindgen]
pub fn receive(message: &Array) {
    let bytes = Uint8Array::new(&message.get(0)).to_vec();
    let attachments: Vec<Uint8Array> = message.iter().skip(1).map(|buffer| Uint8Array::new(&buffer)).collect();
    let attachments = copied(&attachments);
    // A page of another build cannot be answered in terms it would understand.
    let Ok(request) = decode::<Request>(&bytes) else { return };
    WORKER.with_borrow_mut(|worker| {
        if let Some(worker) = worker {
            worker.session.handle(request, attachments, &mut post);
            worker.ask_for_slice();
        }
    });
}

/// The SHA-256 of the plan of these files, as the command line prints it: for the check that native and WASM agree.
///
/// # Errors
/// Why there is no plan.
#[wasm_bindgen]
pub fn digest(names: Vec<String>, files: Vec<Uint8Array>) -> Result<String, JsError> {
    let files = names.into_iter().zip(copied(&files)).collect();
    breiband_session::digest(files).map_err(|detail| JsError::new(&detail))
}

/// A number over `n` projected coordinates, as text: the same natively and here.
#[wasm_bindgen]
pub fn coordinate_digest(n: u32) -> String {
    breiband_session::coordinate_digest(n.into()).to_string()
}

/// Copies what the page hands over, with room for what will be made of it: memory that grows page by page while a plan is
/// worked out makes the browser collect garbage every time, a tenth of the plan in all. What is freed stays with us.
fn copied(buffers: &[Uint8Array]) -> Vec<Vec<u8>> {
    let bytes: usize = buffers.iter().map(|buffer| buffer.length() as usize).sum();
    let mut room: Vec<u8> = Vec::new();
    // Where there is not so much, it will grow page by page.
    let _ = room.try_reserve_exact(bytes.saturating_mul(ROOM).min(MOST_ROOM));
    drop(black_box(room));
    buffers.iter().map(Uint8Array::to_vec).collect()
}

fn slice() {
    WORKER.with_borrow_mut(|worker| {
        if let Some(worker) = worker {
            worker.slice_asked = false;
            worker.session.advance(&mut post);
            worker.ask_for_slice();
        }
    });
}

impl Worker {
    fn ask_for_slice(&mut self) {
        if self.session.has_work() && !self.slice_asked {
            self.slice_asked = self.channel.port2().post_message(&JsValue::NULL).is_ok();
        }
    }
}

fn post(outgoing: Outgoing) {
    let Ok(bytes) = encode(&outgoing.reply) else { return };
    let parts = Array::of1(&Uint8Array::from(bytes.as_slice()));
    let transfer = Array::new();
    for attachment in &outgoing.attachments {
        let buffer: ArrayBuffer = Uint8Array::from(attachment.as_slice()).buffer();
        parts.push(&buffer);
        transfer.push(&buffer);
    }
    if let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        // Fails only for values that cannot be cloned; bytes always can.
        let _ = scope.post_message_with_transfer(&parts, &transfer);
    }
}
