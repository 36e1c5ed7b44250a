//! The line to the worker: one array a message, its first element the postcard bytes, the rest attachments that are handed
//! over and not copied. Requests wait until the worker has said that it is ready.

use std::cell::RefCell;

use breiband_wire::{Command, Event, Reply, Request, decode, encode};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// A big byte string on its way to or from the worker; it never enters the page's own memory.
#[derive(Debug, Clone)]
pub(crate) struct Attachment(pub(crate) ArrayBuffer);

#[derive(Default)]
struct Line {
    worker: Option<Worker>,
    ready: bool,
    revision: u32,
    waiting: Vec<(Array, Array)>,
}

thread_local! {
    static LINE: RefCell<Line> = RefCell::default();
}

/// Starts the worker. `hear` is given every reply and its attachments; `fail` hears that the worker cannot run.
pub(crate) fn open(hear: impl Fn(Reply, Vec<Attachment>) + 'static, fail: impl Fn(String) + 'static) {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = match Worker::new_with_options("worker-main.mjs", &options) {
        Ok(worker) => worker,
        Err(error) => return fail(format!("{error:?}")),
    };
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let parts: Array = message.data().unchecked_into();
        let bytes = Uint8Array::new(&parts.get(0)).to_vec();
        let Ok(reply) = decode::<Reply>(&bytes) else { return };
        if reply.event == Event::Ready {
            ready();
        }
        hear(reply, parts.iter().skip(1).map(|part| Attachment(part.unchecked_into())).collect());
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        let message = js_sys::Reflect::get(&event, &"message".into()).ok().and_then(|m| m.as_string());
        fail(message.unwrap_or_else(|| "the worker stopped".to_owned()));
    });
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    on_error.forget();
    LINE.with_borrow_mut(|line| {
        // A worker that is started again has heard nothing of what waited for the one before.
        if let Some(dead) = line.worker.replace(worker) {
            dead.terminate();
        }
        line.ready = false;
        line.waiting.clear();
    });
}

/// Sends a command, at once or when the worker is ready; returns its revision.
pub(crate) fn send(command: Command, attachments: Vec<Attachment>) -> u32 {
    LINE.with_borrow_mut(|line| {
        line.revision += 1;
        let Ok(bytes) = encode(&Request { revision: line.revision, command }) else { return line.revision };
        let parts = Array::of1(&Uint8Array::from(bytes.as_slice()));
        let transfer = Array::new();
        for Attachment(buffer) in &attachments {
            parts.push(buffer);
            transfer.push(buffer);
        }
        match &line.worker {
            Some(worker) if line.ready => post(worker, &parts, &transfer),
            _ => line.waiting.push((parts, transfer)),
        }
        line.revision
    })
}

fn ready() {
    LINE.with_borrow_mut(|line| {
        line.ready = true;
        if let Some(worker) = &line.worker {
            for (parts, transfer) in std::mem::take(&mut line.waiting) {
                post(worker, &parts, &transfer);
            }
        }
    });
}

fn post(worker: &Worker, parts: &Array, transfer: &Array) {
    // Fails only for values that cannot be cloned; bytes always can.
    let _ = worker.post_message_with_transfer(parts, transfer);
}
