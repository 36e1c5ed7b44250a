//! Places as people write them: longitude and latitude in degrees, in whatever form they were copied.

/// How far beside a region a place may lie and still be meant, in boxes of the region's size.
const BESIDE: f64 = 1.0;

/// A region's box, `west, south, east, north` in degrees, with as much around it as it is wide and high.
#[must_use]
pub fn around([west, south, east, north]: [f64; 4]) -> [f64; 4] {
    // A single house has a box too.
    let (wide, high) = ((east - west).max(0.1) * BESIDE, (north - south).max(0.05) * BESIDE);
    [west - wide, south - high, east + wide, north + high]
}

/// Whether a place, longitude and latitude, lies in a box.
#[must_use]
pub fn is_within([west, south, east, north]: [f64; 4], [lon, lat]: [f64; 2]) -> bool {
    (west..=east).contains(&lon) && (south..=north).contains(&lat)
}

/// Longitude and latitude, degrees, as they are typed or pasted: `6.15, 62.47`, `6,15; 62,47`, `62.47 N 6.15 E` or `62°28′12″N
/// 6°9′E` (Ø and V are understood, too). Without letters, longitude comes first, unless only the other order lies around `region`.
/// Nothing where it is no place of the globe.
#[must_use]
pub fn typed(text: &str, region: Option<[f64; 4]>) -> Option<[f64; 2]> {
    let parts = parts(text)?;
    let degrees: Vec<f64> = parts.iter().map(|part| part.degrees()).collect::<Option<_>>()?;
    let &[first, second] = degrees.as_slice() else { return None };
    let axes: Vec<Option<Axis>> = parts.iter().map(|part| part.letter.map(|letter| letter.0)).collect();
    let place = match axes.as_slice() {
        [Some(Axis::Lat), None | Some(Axis::Lon)] | [None, Some(Axis::Lon)] => [second, first],
        [Some(Axis::Lon), None | Some(Axis::Lat)] | [None, Some(Axis::Lat)] => [first, second],
        [None, None] => {
            let [given, other] = [[first, second], [second, first]];
            let is_meant = |place| region.is_none_or(|region| is_within(around(region), place));
            if !is_meant(given) && is_meant(other) { other } else { given }
        }
        _ => return None,
    };
    is_within([-180.0, -85.0, 180.0, 85.0], place).then_some(place)
}

#[derive(Clone, Copy, PartialEq)]
enum Axis {
    Lon,
    Lat,
}

/// One of the two: degrees, or degrees, minutes and seconds, and the letter of its half of the globe with its sign.
#[derive(Default)]
struct Part {
    numbers: Vec<f64>,
    letter: Option<(Axis, f64)>,
}

impl Part {
    fn degrees(&self) -> Option<f64> {
        let (&degrees, rest) = self.numbers.split_first()?;
        if rest.len() > 2 || rest.iter().any(|one| !(0.0..60.0).contains(one)) {
            return None;
        }
        let rest = rest.iter().rev().fold(0.0, |sum, one| (sum + one) / 60.0);
        Some((degrees + rest.copysign(degrees)) * self.letter.map_or(1.0, |letter| letter.1))
    }
}

/// The two parts of what was typed.
fn parts(text: &str) -> Option<Vec<Part>> {
    let text = text.trim().to_lowercase();
    // A comma between digits is a decimal one where both numbers have it, and neither a point.
    let chars: Vec<char> = text.chars().collect();
    let is_digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let is_inner = |at: usize| chars[at] == ',' && at > 0 && is_digit(at - 1) && is_digit(at + 1);
    let inner = (0..chars.len()).filter(|&at| is_inner(at)).count();
    let has_decimals = inner == 2 && !text.contains('.');
    let has_marks = text.contains(['°', 'º']);
    let mut parts = vec![Part::default()];
    let mut number = String::new();
    // A blank after the last number, so that it is ended like any other.
    for (at, char) in chars.iter().copied().chain([' ']).enumerate() {
        match char {
            '0'..='9' | '.' => number.push(char),
            ',' if has_decimals && is_inner(at) => number.push('.'),
            '-' | '−' if number.is_empty() => number.push('-'),
            _ => {
                let letter = match char {
                    'n' => Some((Axis::Lat, 1.0)),
                    's' => Some((Axis::Lat, -1.0)),
                    'e' | 'ø' => Some((Axis::Lon, 1.0)),
                    'w' | 'v' => Some((Axis::Lon, -1.0)),
                    ' ' | '\t' | ',' | ';' | '°' | 'º' | '\'' | '′' | '’' | '"' | '″' | '”' => None,
                    _ => return None,
                };
                if !number.is_empty() {
                    // Degrees end with their mark; without marks, every number is one.
                    let begins = if has_marks { matches!(char, '°' | 'º') } else { true };
                    if begins && parts.last().is_some_and(|part| !part.numbers.is_empty()) {
                        parts.push(Part::default());
                    }
                    parts.last_mut()?.numbers.push(number.parse().ok()?);
                    number.clear();
                }
                if letter.is_some() {
                    let part = parts.last_mut()?;
                    // One may stand before its number: `N 62.47 E 6.15`.
                    match part.letter {
                        None => part.letter = letter,
                        Some(_) => parts.push(Part { letter, ..Part::default() }),
                    }
                }
            }
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGION: Option<[f64; 4]> = Some([6.0, 62.0, 7.0, 63.0]);

    #[test]
    fn every_usual_form_is_read() {
        for text in [
            "6.15, 62.47",
            "6.15 62.47",
            "6.15,62.47",
            "6,15; 62,47",
            "6,15 62,47",
            "6,15, 62,47",
            "62.47, 6.15",
            "62,47; 6,15",
            "62.47N 6.15E",
            "62.47° N, 6.15° E",
            "6.15 Ø, 62.47 N",
            "N 62.47 E 6.15",
            "62.47 n 6.15",
            "62°28′12″N 6°9′E",
            "62° 28.2' N, 6° 9' 0\" E",
        ] {
            let place = typed(text, REGION).unwrap_or_else(|| panic!("{text}"));
            assert!((place[0] - 6.15).abs() < 1e-9 && (place[1] - 62.47).abs() < 1e-9, "{text}: {place:?}");
        }
        assert_eq!(typed("-6.5, 62", None), Some([-6.5, 62.0]));
        assert_eq!(typed("62°30'S 6°30'V", None), Some([-6.5, -62.5]));
        assert_eq!(typed("−6.5 −0.5", None), Some([-6.5, -0.5]));
        // Far away in either order it is what was written.
        assert_eq!(typed("10.75, 59.91", REGION), Some([10.75, 59.91]));
        assert_eq!(typed("62.47, 6.15", None), Some([62.47, 6.15]));
    }

    #[test]
    fn what_is_no_place_is_none() {
        for text in [
            "",
            "abc",
            "62",
            "200, 100",
            "1e400, 5",
            "6, 62, 7",
            "6.1.5, 62",
            "62 N 63 N",
            "6 E 7 E",
            "6°70' 62°",
            "6.15; 62.47 km",
            "--6, 62",
            "6-2, 62",
            "NaN, 1",
            "6°1'2\"3 62°",
        ] {
            assert_eq!(typed(text, REGION), None, "{text}");
        }
    }

    #[test]
    fn around_a_region_there_is_as_much_as_it_is_large() {
        assert_eq!(around([6.0, 62.0, 7.0, 63.0]), [5.0, 61.0, 8.0, 64.0]);
        assert!(is_within(around([6.0, 62.0, 6.0, 62.0]), [6.05, 62.01]));
        assert!(!is_within(around([6.0, 62.0, 7.0, 63.0]), [10.75, 59.91]));
    }
}
