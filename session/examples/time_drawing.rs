//! What a pointer move costs while a route is drawn over 12,500 premises: moves along the region, each a fresh leg, and a
//! waypoint dragged in the middle of a long route. Prints the slowest and the middle one; asserts the answers, not the times.
//! `cargo run --release -p breiband-session --example time_drawing`
#![allow(clippy::print_stdout, reason = "its output")]

use std::time::Instant;

use breiband::{Recipe, generate};
use breiband_session::{Outgoing, Session};
use breiband_wire::{Command, Draw, DrawingView, Event, Purpose, Request};

struct Desk(Session, u32);

impl Desk {
    fn ask(&mut self, command: Command, attachments: Vec<Vec<u8>>) -> Vec<Outgoing> {
        self.1 += 1;
        let mut heard = Vec::new();
        self.0.handle(Request { revision: self.1, command }, attachments, &mut |one| heard.push(one));
        while self.0.has_work() {
            self.0.advance(&mut |one| heard.push(one));
        }
        heard
    }

    fn draw(&mut self, draw: Draw) -> DrawingView {
        let heard = self.ask(Command::Draw(draw), Vec::new());
        let view = heard.into_iter().rev().find_map(|one| match one.reply.event {
            Event::Drawing(view) => view,
            _ => None,
        });
        *view.expect("a drawing")
    }
}

fn main() {
    let files = generate(&Recipe { premises: 12_500, ..Recipe::default() });
    let (names, attachments) = files.into_iter().map(|file| (file.name, file.bytes)).unzip();
    let mut desk = Desk(Session::new(), 0);
    let heard = desk.ask(Command::Open { names, replace: true, today: "2026-01-01".to_owned() }, attachments);
    let bounds = heard.iter().find_map(|one| match &one.reply.event {
        Event::Region(region) => region.bounds_e7,
        _ => None,
    });
    let [west, south, east, north] = bounds.expect("a region").map(|e7| f64::from(e7) / 1e7);
    let at = |x: f64, y: f64| [west + (east - west) * x, south + (north - south) * y];
    let begun = Instant::now();
    desk.draw(Draw::Begin { purpose: Purpose::Candidate, known: None });
    println!("begun in {:.1} ms (indexes, once)", begun.elapsed().as_secs_f64() * 1e3);
    desk.draw(Draw::Add { place: at(0.15, 0.5), at: None, reach_m: 100.0 });
    for (name, free) in [("along the roads", false), ("freehand", true)] {
        desk.draw(Draw::Mode(free));
        let mut times = Vec::new();
        let mut longest = 0.0_f64;
        for step in 0..200 {
            let share = f64::from(step) / 200.0;
            let begun = Instant::now();
            let view = desk.draw(Draw::Hover(at(0.15 + 0.7 * share, 0.5 + 0.2 * share)));
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            let parts: f64 = view.grounds.iter().map(|ground| ground.2).sum::<f64>() + view.crossings;
            assert!((parts - view.cost).abs() < 0.01 && view.premises[0] <= view.premises[1]);
            longest = longest.max(view.metres);
        }
        assert!(longest > 1_000.0, "it goes somewhere");
        report(name, &mut times);
    }
    desk.draw(Draw::Mode(false));
    for step in 1..8 {
        desk.draw(Draw::Add { place: at(0.15 + 0.1 * f64::from(step), 0.5), at: None, reach_m: 100.0 });
    }
    let mut times = Vec::new();
    for step in 0..200 {
        let place = at(0.5 + 0.0005 * f64::from(step), 0.5);
        let begun = Instant::now();
        let view = desk.draw(Draw::Move { at: 4, place, reach_m: 100.0, done: false });
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        assert_eq!(view.points.len(), 8);
    }
    report("dragging one of eight waypoints", &mut times);
}

fn report(name: &str, times: &mut [f64]) {
    times.sort_by(f64::total_cmp);
    println!("{name}: {:.2} ms in the middle, {:.2} ms at most", times[times.len() / 2], times[times.len() - 1]);
}
