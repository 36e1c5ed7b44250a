//! The game of a report: groups planned on every processor, and what came of it in words.

use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use breiband::{Game, GameTable, Observer, Planned, Verdict, steiner::SolveError};

use crate::progress::Watch;
use crate::text;

/// Plans all groups. Each is planned by itself, so that the number of threads changes nothing but the time.
pub(crate) fn plan(table: &GameTable, watch: &mut Watch) -> Result<Vec<Planned>, SolveError> {
    let groups = table.groups().len();
    let next = AtomicUsize::new(0);
    // The largest groups take longest: they come first.
    let mut order: Vec<usize> = (0..groups).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(table.groups()[at].count_ones()), at));
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(groups.max(1));
    let mut done: Vec<Option<Result<Planned, SolveError>>> = (0..groups).map(|_| None).collect();
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (send, next, order) = (send.clone(), &next, &order);
            scope.spawn(move || {
                while let Some(&at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if send.send((at, table.plan(at))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(send);
        for (count, (at, planned)) in receive.into_iter().enumerate() {
            done[at] = Some(planned);
            watch.progress("game", count as u64 + 1, groups as u64);
        }
    });
    done.into_iter().map(|planned| planned.unwrap_or(Err(SolveError::Cancelled))).collect()
}

/// The game in words and figures.
pub(crate) fn describe(game: &Game, currency: &str) -> String {
    // One alone has nobody to compare with.
    if game.members.len() < 2 {
        return String::new();
    }
    let mut out = String::from("\n");
    let (codes, names) = text::columns(game.members.iter().map(|(code, name)| (code.as_str(), name.as_str())));
    let major = |minor: i64| {
        let sign = if minor < 0 { "-" } else { "" };
        format!("{sign}{}", text::rounded(minor.unsigned_abs() as f64 / 100.0))
    };
    if let Some((least, most)) = game.saving {
        let _ = writeln!(out, "Building together saves {} to {} {currency}", major(least), major(most));
    }
    let _ =
        writeln!(out, "{:<1$}{2:>14}{3:>14}{4:>14}", "", codes + names + 2, "alone, least", "alone, most", "Shapley");
    for (m, (code, name)) in game.members.iter().enumerate() {
        let alone = game.group(1 << m).and_then(|group| group.cost);
        let cell = |cost: Option<u64>| cost.map_or_else(|| "impossible".to_owned(), |cost| major(cost as i64));
        let value = game.shapley.get(m).map(|value| major(value.share)).unwrap_or_default();
        let (least, most) = (cell(alone.map(|a| a.0)), cell(alone.map(|a| a.1)));
        let _ = writeln!(out, "  {code:<codes$}{name:<names$}{least:>14}{most:>14}{value:>14}");
    }
    for allocation in &game.allocations {
        let verdict = match allocation.verdict {
            Verdict::Holds => "no group would pay less on its own".to_owned(),
            Verdict::Undecided => format!("undecided for {}", text::counted(allocation.undecided, "group")),
            Verdict::Fails => match allocation.wronged.first() {
                Some(&(group, more)) => {
                    let names: Vec<&str> = game.names(group).collect();
                    format!("{} would pay {} {currency} less on their own", names.join(", "), major(more as i64))
                }
                None => "a group would pay less on its own".to_owned(),
            },
        };
        let _ = writeln!(out, "By {}: {verdict}", allocation.name);
    }
    if let Some(core) = &game.least_core {
        let _ = writeln!(
            out,
            "Least core: shared so that the worst-off group does best, it pays {} to {} {currency} more than on its own",
            major(core.least),
            major(core.most)
        );
    }
    out
}
