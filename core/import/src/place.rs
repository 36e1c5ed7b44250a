//! Coordinates of any known system to degrees, with a verdict on whether the system can be right.

use std::collections::HashMap;

use breiband_model::Sentence;
use breiband_spatial::Crs;

use crate::error::ReadError;
use crate::raw::LonLat;

/// Converts one file's coordinates and keeps count of those that are no places.
pub(crate) struct Placer {
    crs: Crs,
    good: u64,
    bad: u64,
    like_degrees: u64,
    example: Option<(f64, f64)>,
}

impl Placer {
    pub(crate) fn new(crs: Crs) -> Self {
        Self { crs, good: 0, bad: 0, like_degrees: 0, example: None }
    }

    /// WGS 84, or the system with this code.
    pub(crate) fn from_epsg(epsg: Option<u32>) -> Result<Self, ReadError> {
        let crs = epsg.map_or_else(|| Ok(Crs::wgs84()), Crs::from_epsg);
        crs.map(Self::new).map_err(|e| ReadError::Crs(Sentence::quoting(e)))
    }

    /// Degrees of a place given as easting or longitude, northing or latitude.
    pub(crate) fn place(&mut self, [x, y]: [f64; 2]) -> Result<LonLat, String> {
        // Drawn over the date line, longitudes go on beyond 180 degrees.
        let beyond = x.abs() > 180.0 && x.abs() <= 360.0 && self.crs.is_geographic();
        let x = if beyond { x - 360.0_f64.copysign(x) } else { x };
        if x.abs() <= 180.0 && y.abs() <= 90.0 {
            self.like_degrees += 1;
        }
        match self.crs.to_lon_lat(x, y) {
            Ok((lon, lat)) => {
                self.good += 1;
                // No negative zeros: equal places have equal bits.
                Ok(LonLat { lon: lon + 0.0, lat: lat + 0.0 })
            }
            Err(error) => {
                self.bad += 1;
                self.example.get_or_insert((x, y));
                Err(error.to_string())
            }
        }
    }

    pub(crate) fn places(&mut self, line: &[[f64; 2]]) -> Result<Vec<LonLat>, String> {
        line.iter().map(|&xy| self.place(xy)).collect()
    }

    /// An error where the file's coordinates as a whole cannot be of this system.
    pub(crate) fn verdict(&self) -> Result<(), ReadError> {
        let epsg = self.crs.epsg();
        if self.bad > self.good {
            let (x, y) = self.example.unwrap_or_default();
            let words = match (x.abs(), y.abs()) {
                (x, y) if (10_000.0..1_300_000.0).contains(&x) && (5_000_000.0..9_500_000.0).contains(&y) => {
                    "{bad} of {all} coordinates are no places in EPSG:{epsg}, such as ({x}, {y}): set `epsg = 25832` or \
                     `epsg = 25833` (UTM zone 32 or 33) on this input, whichever the publisher names"
                }
                (x, y) if x <= 90.0 && y <= 180.0 => {
                    "{bad} of {all} coordinates are no places in EPSG:{epsg}, such as ({x}, {y}): latitude seems to stand where \
                     longitude should. GeoJSON has longitude first; of a table, name the columns with `columns` on this input"
                }
                (x, y) if (32_000_000.0..34_000_000.0).contains(&x) && y > 180.0 => {
                    "{bad} of {all} coordinates are no places in EPSG:{epsg}, such as ({x}, {y}), which has its zone before the \
                     easting: set `epsg = 4647` (UTM zone 32) or `epsg = 5650` (33) on this input"
                }
                (x, y) if x <= 20_100_000.0 && y <= 20_100_000.0 && x > 180.0 => {
                    "{bad} of {all} coordinates are no places in EPSG:{epsg}, such as ({x}, {y}): set `epsg =` on this input \
                     to the code that the publisher names (3857 for web maps)"
                }
                _ => {
                    "{bad} of {all} coordinates are no places in EPSG:{epsg}, such as ({x}, {y}): set `epsg =` on this input \
                     to the code that the publisher names"
                }
            };
            let (bad, all) = (self.bad.to_string(), (self.bad + self.good).to_string());
            let values = [
                ("bad", bad),
                ("all", all),
                ("epsg", epsg.to_string()),
                ("x", format!("{x:?}")),
                ("y", format!("{y:?}")),
            ];
            return Err(ReadError::Crs(Sentence::with(words, values)));
        }
        if !self.crs.is_geographic() && self.good > 0 && self.like_degrees == self.good + self.bad {
            let words = "the coordinates are said to be in EPSG:{epsg}, but all are small enough to be degrees: \
                         set `epsg = 4326` on this input";
            return Err(ReadError::Crs(Sentence::with(words, [("epsg", epsg.to_string())])));
        }
        Ok(())
    }
}

/// Nodes of one file's ways by their source coordinates to the bit, or by the names that the source gives them.
#[derive(Default)]
pub(crate) struct NodeTable {
    by_place: HashMap<(u64, u64), u32>,
    by_name: HashMap<String, u32>,
}

impl NodeTable {
    pub(crate) fn at(&mut self, nodes: &mut Vec<LonLat>, [x, y]: [f64; 2], place: LonLat) -> u32 {
        let key = ((x + 0.0).to_bits(), (y + 0.0).to_bits());
        *self.by_place.entry(key).or_insert_with(|| push(nodes, place))
    }

    pub(crate) fn named(&mut self, nodes: &mut Vec<LonLat>, name: &str, place: LonLat) -> u32 {
        if let Some(&node) = self.by_name.get(name) {
            return node;
        }
        let node = push(nodes, place);
        self.by_name.insert(name.to_owned(), node);
        node
    }
}

/// Adds a node that no other way shares.
pub(crate) fn push(nodes: &mut Vec<LonLat>, place: LonLat) -> u32 {
    nodes.push(place);
    u32::try_from(nodes.len() - 1).unwrap_or(u32::MAX)
}
