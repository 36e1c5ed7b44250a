//! The planner's day without a browser: commands in, events out, the work done in slices so that whoever runs it can
//! listen in between. Owns no thread, reads no clock, touches no file.
//!
//! A [`Session`] is given requests by [`Session::handle`], and time by [`Session::advance`], which does one bounded slice of
//! the work. Between two slices a cancel, or new files, can be handed in.

mod borders;
mod compare;
mod document;
mod draw;
mod edits;
mod facts;
mod few;
mod files;
mod folder;
mod geojson;
mod history;
mod layers;
mod places;
mod project;
mod refusal;
mod session;
mod shown;
mod together;
mod views;
mod years;

pub use session::{Outgoing, Session};

pub use breiband::spatial::coordinate_digest;
use breiband_wire::{Command, Event, Request};

/// The digest of the plan of these files, as `breiband plan --json` prints it: for the check that native and WASM agree.
///
/// # Errors
/// Why there is no plan.
pub fn digest(files: Vec<(String, Vec<u8>)>) -> Result<String, String> {
    let (names, attachments) = files.into_iter().unzip();
    let mut session = Session::new();
    let mut result = Err("nothing was planned".to_owned());
    let mut hear = |outgoing: Outgoing| match outgoing.reply.event {
        Event::Summary(summary) => result = Ok(summary.digest),
        Event::Failed { code, detail } => result = Err(format!("{code}: {detail:?}")),
        _ => {}
    };
    let open = Command::Open { names, replace: true, today: "2026-01-01".to_owned() };
    session.handle(Request { revision: 1, command: open }, attachments, &mut hear);
    while session.has_work() {
        session.advance(&mut hear);
    }
    session.handle(Request { revision: 2, command: Command::Plan }, Vec::new(), &mut hear);
    while session.has_work() {
        session.advance(&mut hear);
    }
    result
}
