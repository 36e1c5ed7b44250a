//! What each kind of edit costs over 12,500 premises: premises left out and required, one by one and by a ring, other prices, routes
//! barred and drawn, places put and moved, other goals; each until the first answer and until the best one; another year's budget
//! until the years are there; the edit undone; and the curve. Prints the times and asserts the answers, not the times.
//! `cargo run --release -p breiband-session --example time_edit [FILE]`, for another region's file instead.
#![allow(clippy::print_stdout, reason = "its output")]

use std::sync::LazyLock;
use std::time::Instant;

use breiband::{Recipe, generate};
use breiband_session::Session;
use breiband_wire::{
    Choice, Command, Draw, Edit, Event, GoalKind, GoalView, PlaceKind, PlaceView, Purpose, Request, SummaryView, Which,
};

struct Desk {
    session: Session,
    revision: u32,
}

/// Milliseconds of this program's own work, where the system tells them (Linux, to a few): others at work do not count. Else the
/// clock's.
fn now() -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    let worked = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    worked.map_or_else(|| BEGUN.elapsed().as_secs_f64() * 1e3, |nanoseconds| nanoseconds / 1e6)
}

static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);

/// What was heard, and after how many milliseconds.
type Heard = Vec<(f64, Event)>;

impl Desk {
    fn ask(&mut self, command: Command, attachments: Vec<Vec<u8>>) -> Heard {
        self.revision += 1;
        let begun = now();
        let mut heard = Vec::new();
        let mut hear = |event| heard.push((now() - begun, event));
        let request = Request { revision: self.revision, command };
        self.session.handle(request, attachments, &mut |one| hear(one.reply.event));
        while self.session.has_work() {
            self.session.advance(&mut |one| hear(one.reply.event));
        }
        heard
    }
}

fn summaries(heard: &Heard) -> Vec<(f64, &SummaryView)> {
    let plans = heard
        .iter()
        .filter_map(|(time, event)| if let Event::Summary(one) = event { Some((*time, &**one)) } else { None });
    plans.collect()
}

/// The edits of what is drawn, required and put, each taken back after it.
fn others(desk: &mut Desk, found: &Heard, told: &dyn Fn(&str, &Heard) -> String) {
    let list = found.iter().find_map(|(_, event)| if let Event::Found(_, list) = event { Some(list) } else { None });
    let list = list.expect("premises");
    let (far, near) = (&list[0], &list[list.len() - 1]);
    let ring = |around: [f64; 2], reach: f64| {
        let corner = |[x, y]: [f64; 2]| [around[0] + 2.0 * reach * x, around[1] + reach * y];
        [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]].map(corner).to_vec()
    };
    let edits = [
        ("a ring of premises left out", Edit::Choose(Which::Within(ring(near.place, 0.01)), Choice::Exclude)),
        ("a ring of premises required", Edit::Choose(Which::Within(ring(near.place, 0.01)), Choice::Include)),
        ("a point of presence put", place(PlaceKind::Pop, None, far.place)),
        ("a handover put", place(PlaceKind::Handover, None, far.place)),
        ("a cabinet put", place(PlaceKind::Cabinet, None, far.place)),
    ];
    for (name, edit) in edits {
        told(name, &desk.ask(Command::Edit(edit), Vec::new()));
        desk.ask(Command::Turn(-1), Vec::new());
    }
    desk.ask(Command::Edit(Edit::Choose(Which::Numbers(vec![far.id]), Choice::Exclude)), Vec::new());
    let back = Edit::Choose(Which::Numbers(vec![far.id]), Choice::Include);
    told("a house required that was left out", &desk.ask(Command::Edit(back), Vec::new()));
    desk.ask(Command::Turn(-2), Vec::new());
    desk.ask(Command::Edit(place(PlaceKind::Pop, None, far.place)), Vec::new());
    told("a point of presence moved", &desk.ask(Command::Edit(place(PlaceKind::Pop, Some(0), near.place)), Vec::new()));
    desk.ask(Command::Turn(-2), Vec::new());
    for (name, purpose, free) in [
        ("a route drawn freehand", Purpose::Candidate, true),
        ("a route drawn along roads", Purpose::Candidate, false),
        ("a route barred", Purpose::Forbidden, false),
        ("a duct drawn", Purpose::Duct, false),
        ("poles drawn", Purpose::Poles, false),
        ("an area without digging", Purpose::NoDig, false),
        ("an area left out", Purpose::LeaveOut, false),
    ] {
        desk.ask(Command::Draw(Draw::Begin { purpose, known: None }), Vec::new());
        let mut points = vec![far.place, near.place];
        if purpose.is_area() {
            points = ring(far.place, 0.002);
        } else {
            desk.ask(Command::Draw(Draw::Mode(free)), Vec::new());
        }
        for place in points {
            desk.ask(Command::Draw(Draw::Add { place, at: None, reach_m: 200.0 }), Vec::new());
        }
        told(name, &desk.ask(Command::Draw(Draw::Finish(name.to_owned())), Vec::new()));
        let gone = if purpose.is_area() { Edit::RemoveArea(0) } else { Edit::RemoveRoute(0) };
        desk.ask(Command::Edit(gone), Vec::new());
    }
}

fn place(kind: PlaceKind, at: Option<u32>, place: [f64; 2]) -> Edit {
    Edit::Place(kind, at, Some(PlaceView { name: "Here".to_owned(), place, ..PlaceView::default() }))
}

fn main() {
    let invented = || generate(&Recipe { premises: 12_500, ..Recipe::default() });
    let (names, attachments) = match std::env::args().nth(1) {
        Some(path) => {
            let name = path.rsplit('/').next().unwrap_or_default().to_owned();
            (vec![name], vec![std::fs::read(&path).expect("a file")])
        }
        None => invented().into_iter().map(|file| (file.name, file.bytes)).unzip(),
    };
    let mut desk = Desk { session: Session::new(), revision: 0 };
    desk.ask(Command::Open { names, replace: true, today: "2026-01-01".to_owned() }, attachments);
    let planned = desk.ask(Command::Plan, Vec::new());
    let told = |name: &str, heard: &Heard| {
        let all = summaries(heard);
        let (first, last) = (all.first().expect("a plan"), all.last().expect("a plan"));
        // Who is to be chosen may be more later: then each one's most is held against the other's number, if that costs no more.
        let holds = |one: &SummaryView, other: &SummaryView| match &other.choice {
            Some(choice) => one.cost > other.cost || one.connected <= choice.most,
            None => other.bound <= one.cost,
        };
        assert!(holds(first.1, last.1) && holds(last.1, first.1) && !last.1.first, "{name}: both are right");
        let gaps = [first, last].map(|one| one.1.gap * 100.0);
        println!("{name:44} {:8.0} {:8.2} {:8.0} {:8.2}", first.0, gaps[0], last.0, gaps[1]);
        last.1.digest.clone()
    };
    println!("{:44} {:>8} {:>8} {:>8} {:>8}", "", "first ms", "gap %", "best ms", "gap %");
    let before = told("planned", &planned);
    let find = Command::Find {
        text: String::new(),
        status: "connected".to_owned(),
        service: String::new(),
        sort: "distance".to_owned(),
    };
    let found = desk.ask(find, Vec::new());
    let far = found.iter().find_map(|(_, event)| match event {
        Event::Found(_, list) => list.first().map(|one| one.id),
        _ => None,
    });
    let which = Which::Numbers(vec![far.expect("somebody is connected")]);
    let without = desk.ask(Command::Edit(Edit::Choose(which, Choice::Exclude)), Vec::new());
    assert_ne!(told("a house left out", &without), before);
    assert_eq!(told("undone", &desk.ask(Command::Turn(-1), Vec::new())), before);
    let id = "asphalt-verge".to_owned();
    let dearer = desk.ask(Command::Edit(Edit::Price { id, per_metre: Some(500.0), each: None }), Vec::new());
    assert_ne!(told("another price", &dearer), before);
    assert_eq!(told("undone", &desk.ask(Command::Turn(-1), Vec::new())), before);
    others(&mut desk, &found, &told);
    let whole = summaries(&planned).last().expect("a plan").1.cost;
    let goal = |part: f64| {
        let goal = GoalView { kind: GoalKind::Budget, amount: whole * part, homes: true };
        Command::Edit(Edit::Goal(goal))
    };
    assert_ne!(told("a budget of half", &desk.ask(goal(0.5), Vec::new())), before);
    let cover = GoalView { kind: GoalKind::Coverage, amount: 0.8, homes: true };
    assert_ne!(told("a share of 80 %", &desk.ask(Command::Edit(Edit::Goal(cover)), Vec::new())), before);
    let cap = GoalView { kind: GoalKind::Worthwhile, amount: 60_000.0, homes: true };
    assert_ne!(told("a cap for each", &desk.ask(Command::Edit(Edit::Goal(cap)), Vec::new())), before);
    assert_ne!(told("a budget of two thirds", &desk.ask(goal(2.0 / 3.0), Vec::new())), before);
    let curve = desk.ask(Command::Curve(true), Vec::new());
    let drawn = curve.iter().find(|(_, event)| matches!(event, Event::Curve(Some(_)))).expect("a curve");
    println!("the curve: {:.0} ms, while nothing else is done", drawn.0);
    assert_ne!(told("of a third, beside the curve", &desk.ask(goal(1.0 / 3.0), Vec::new())), before);
    desk.ask(Command::Turn(-5), Vec::new());
    desk.ask(Command::Curve(false), Vec::new());
    desk.ask(Command::Edit(Edit::Programme(5)), Vec::new());
    let budget = desk.ask(Command::Edit(Edit::Budget(2027, Some(1_000_000.0))), Vec::new());
    let years = budget.iter().find(|(_, event)| matches!(event, Event::Programme(Some(_))));
    println!("another budget: the years after {:.0} ms", years.expect("a programme").0);
}
