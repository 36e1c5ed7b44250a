//! Near-misses: ways that end close to another way without joining it, the most common fault of road data.

use breiband_model::{CostBook, Issue, Region, Scenario, Severity};

use crate::ground::is_dug;
use crate::links::{Finder, From, Link, Target, millimetres};
use crate::stretches::Stretches;

/// Lists every dead end that lies nearer to another way than the book's `gap_listed_m`, and links those that the scenario
/// wants mended.
pub(crate) fn find(
    region: &Region,
    scenario: &Scenario,
    book: &CostBook,
    stretches: &Stretches,
    finder: &Finder<'_>,
    links: &mut Vec<Link>,
    issues: &mut Vec<Issue>,
) {
    let mended = millimetres(scenario.options.mend_gaps_m);
    let reach = mended.max(millimetres(book.limits().gap_listed_m));
    for (junction, &point) in (0..).zip(&stretches.junctions) {
        let &[arm] = stretches.arms_of(junction) else { continue };
        let end = &stretches.all[arm.stretch as usize];
        // A stub shorter than the gap comes from the way that it would be joined to.
        if !is_dug(end) || end.length_mm <= reach {
            continue;
        }
        let Some(place) = finder.nearest(point, reach, |stretch| stretch != arm.stretch) else { continue };
        // What is already joined within reach is no gap: two ends of one loop.
        if place.target == (Target::Corner { junction, corner: 0 }) {
            continue;
        }
        let distance = point.distance_mm(place.point);
        let mend = distance <= u64::from(mended);
        let other = &region.way(stretches.all[place.stretch as usize].way).external_id;
        let (severity, done) = if mend {
            (Severity::Note, "it was joined to it, at the price of a gap")
        } else {
            (Severity::Warning, "if they meet in fact, set options.mend_gaps_m or mend the data")
        };
        let metres = format!("{}.{:03} m", distance / 1000, distance % 1000);
        let message = format!("this way ends {metres} from {other} without joining it; {done}");
        issues.push(
            Issue::new("near-miss-gap", severity, message)
                .file(region.sources.get(region.way(end.way).source.index()).map_or("", |s| s.name.as_str()))
                .record(&region.way(end.way).external_id)
                .field("gap", metres),
        );
        if mend {
            let from = From::Gap(Target::Corner { junction, corner: 0 });
            links.push(Link { from, start: point, end: place.point, target: place.target, first: false });
        }
    }
}
