//! Municipal borders changed by hand, corner by corner, in every municipality that shares them.

use breiband::spatial::{BorderChange, Projection, change_borders};
use breiband::{BorderEdit, Point, Polygon, Region};
use breiband_wire::Draw;

use crate::document::Drawing;
use crate::edits::Refusal;

/// The borders that can be changed: the number of the municipality, its name, and the outer ring of each of its parts.
pub(crate) fn rings(region: &Region) -> impl Iterator<Item = (u32, &str, &[Point])> {
    let numbered = (0..).zip(&region.municipalities);
    numbered.flat_map(|(id, one)| one.area.iter().map(move |part| (id, one.name.as_str(), part.outer.as_slice())))
}

/// The name of the municipality whose border has this number.
pub(crate) fn name(region: &Region, known: usize) -> Option<String> {
    rings(region).nth(known).map(|(_, name, _)| name.to_owned())
}

/// Makes a drawing command a change of the border being drawn: its corners as they are then, and the change noted.
///
/// # Errors
/// Where borders would cross, or more than two meet in a corner that is to go.
pub(crate) fn step(command: &Draw, drawing: &mut Drawing, region: &Region) -> Result<&'static str, Refusal> {
    let gone = |at: usize| ("gone", at.to_string());
    let count = drawing.points.len();
    let corner = |at: u32| (at as usize, drawing.points.get(at as usize).copied());
    let (key, edit) = match *command {
        Draw::Add { place, at, .. } => {
            // A place that is clicked bends the side that is nearest.
            let after = at.map_or_else(|| nearest_side(&drawing.points, place, region), |at| at as usize).min(count);
            let [a, b] = [(after + count - 1) % count.max(1), after % count.max(1)];
            let between = [*drawing.points.get(a).ok_or(gone(a))?, *drawing.points.get(b).ok_or(gone(b))?];
            drawing.points.insert(after, place);
            ("draw-add", BorderEdit { at: None, between: Some(between), to: Some(place) })
        }
        Draw::Move { at, place, .. } => {
            let (at, known) = corner(at);
            let known = known.ok_or(gone(at))?;
            drawing.points[at] = place;
            ("draw-move", BorderEdit { at: Some(known), between: None, to: Some(place) })
        }
        Draw::Remove(at) => {
            let (at, known) = corner(at);
            let known = known.ok_or(gone(at))?;
            drawing.points.remove(at);
            ("draw-remove", BorderEdit { at: Some(known), ..BorderEdit::default() })
        }
        _ => return Ok("draw-mode"),
    };
    drawing.legs = vec![breiband::Leg::Free; drawing.points.len().saturating_sub(1)];
    drawing.borders.push(edit);
    check(&drawing.borders, region)?;
    Ok(key)
}

/// The place in a ring before which a corner bends the side that is nearest to it.
fn nearest_side(ring: &[[f64; 2]], place: [f64; 2], region: &Region) -> usize {
    let projection = Projection::new(region.plane);
    let plane = |[lon, lat]: [f64; 2]| projection.to_plane(lon, lat).map(|p| [f64::from(p.x), f64::from(p.y)]);
    let Ok([x, y]) = plane(place) else { return 0 };
    let corners: Vec<[f64; 2]> = ring.iter().map(|&corner| plane(corner).unwrap_or_default()).collect();
    let far = |at: usize| {
        let ([ax, ay], [bx, by]) = (corners[at], corners[(at + 1) % corners.len()]);
        let (dx, dy) = (bx - ax, by - ay);
        let square = dx * dx + dy * dy;
        let along = if square > 0.0 { (((x - ax) * dx + (y - ay) * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
        let (off_x, off_y) = (ax + along * dx - x, ay + along * dy - y);
        off_x * off_x + off_y * off_y
    };
    (0..corners.len()).min_by(|&a, &b| far(a).total_cmp(&far(b))).map_or(0, |at| at + 1)
}

/// Makes the changes on a copy of the region's borders.
fn check(edits: &[BorderEdit], region: &Region) -> Result<(), Refusal> {
    let projection = Projection::new(region.plane);
    let plane = |[lon, lat]: [f64; 2]| projection.to_plane(lon, lat).map_err(|error| ("border", error.to_string()));
    let mut areas: Vec<Polygon> = region.municipalities.iter().flat_map(|one| one.area.iter().cloned()).collect();
    for edit in edits {
        let change = match (edit.at, edit.between, edit.to) {
            (Some(at), _, Some(to)) => BorderChange::Move { at: plane(at)?, to: plane(to)? },
            (Some(at), _, None) => BorderChange::Remove { at: plane(at)? },
            (None, Some([a, b]), Some(to)) => BorderChange::Insert { between: [plane(a)?, plane(b)?], to: plane(to)? },
            _ => continue,
        };
        let mut all: Vec<&mut Polygon> = areas.iter_mut().collect();
        change_borders(&mut all, change).map_err(|fault| ("border", fault.to_string()))?;
    }
    Ok(())
}
