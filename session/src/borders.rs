//! Municipal borders changed by hand, corner by corner, in every municipality that shares them.

use breiband::spatial::{BorderChange, Projection, change_borders, nearest_side};
use breiband::{BorderEdit, Point, Polygon, Region};
use breiband_wire::Draw;

use crate::document::Drawing;
use crate::draw::{in_plane, rounded};
use crate::refusal::{self, Refusal, refuse};

/// The borders that can be changed: the name of the municipality, and the outer ring of each of its parts.
pub(crate) fn rings(region: &Region) -> impl Iterator<Item = (&str, &[Point])> {
    let all = region.municipalities.iter();
    all.flat_map(|one| one.area.iter().map(move |part| (one.name.as_str(), part.outer.as_slice())))
}

/// The name of the municipality whose border has this number.
pub(crate) fn name(region: &Region, known: usize) -> Option<String> {
    rings(region).nth(known).map(|(name, _)| name.to_owned())
}

/// Makes a drawing command a change of the border being drawn: its corners as they are then, and the change noted.
///
/// # Errors
/// Where borders would cross, or more than two meet in a corner that is to go.
pub(crate) fn step(command: &Draw, drawing: &mut Drawing, region: &Region) -> Result<&'static str, Refusal> {
    let gone = |at: usize| refuse("gone", at.to_string());
    let count = drawing.points.len();
    let corner = |at: u32| (at as usize, drawing.points.get(at as usize).copied());
    let (key, edit) = match *command {
        Draw::Add { place, at, .. } => {
            // A place that is clicked bends the side that is nearest.
            let place = rounded(place);
            let ring = || in_plane(&drawing.points, region);
            let beside = |place| nearest_side(&ring(), in_plane(&[place], region)[0]);
            let after = at.map_or_else(|| beside(place), |at| at as usize).min(count);
            let [a, b] = [(after + count - 1) % count.max(1), after % count.max(1)];
            let between = [*drawing.points.get(a).ok_or(gone(a))?, *drawing.points.get(b).ok_or(gone(b))?];
            drawing.insert(after, place);
            ("draw-add", BorderEdit { at: None, between: Some(between), to: Some(place) })
        }
        Draw::Move { at, place, .. } => {
            let (place, (at, known)) = (rounded(place), corner(at));
            let known = known.ok_or(gone(at))?;
            drawing.points[at] = place;
            ("draw-move", BorderEdit { at: Some(known), between: None, to: Some(place) })
        }
        Draw::Remove(at) => {
            let (at, known) = corner(at);
            let known = known.ok_or(gone(at))?;
            drawing.remove(at);
            ("draw-remove", BorderEdit { at: Some(known), ..BorderEdit::default() })
        }
        _ => return Ok("draw-mode"),
    };
    drawing.borders.push(edit);
    check(&drawing.borders, region)?;
    Ok(key)
}

/// Makes the changes on a copy of the region's borders.
fn check(edits: &[BorderEdit], region: &Region) -> Result<(), Refusal> {
    let projection = Projection::new(region.plane);
    let mut areas: Vec<Polygon> = region.municipalities.iter().flat_map(|one| one.area.iter().cloned()).collect();
    for edit in edits {
        let change = BorderChange::of(edit, &projection).map_err(|error| refuse("border", refusal::quoted(error)))?;
        let Some(change) = change else { continue };
        let mut all: Vec<&mut Polygon> = areas.iter_mut().collect();
        change_borders(&mut all, change).map_err(refusal::border)?;
    }
    Ok(())
}
