//! Invented names in Norwegian style.

use std::collections::BTreeSet;

use crate::net::Carrier;
use crate::rng::Rng;

/// Names and codes of the eight municipalities. Norway's register ends below 9900 with Svalbard's and the shelf's codes; none of
/// these is or was in use.
pub(crate) const MUNICIPALITIES: [(&str, &str); 8] = [
    ("9901", "Tåkefjord"),
    ("9902", "Ravnøyane"),
    ("9903", "Stormneset"),
    ("9904", "Kvitlomvik"),
    ("9905", "Hjelmelund"),
    ("9906", "Siljesundet"),
    ("9907", "Naustbygda"),
    ("9908", "Ospelid"),
];

/// Postal codes, one a municipality: Norway's end at 9991.
pub(crate) const POSTCODES: [&str; 8] = ["9992", "9993", "9994", "9995", "9996", "9997", "9998", "9999"];

const FIRST: [&str; 44] = [
    "Alm", "Aske", "Berg", "Bjørke", "Brim", "Dun", "Einer", "Eike", "Fager", "Flat", "Furu", "Glim", "Gran", "Grå",
    "Hassel", "Havre", "Hegg", "Hum", "Høg", "Klepp", "Kobbe", "Krok", "Kvit", "Lang", "Lerke", "Lom", "Lyng", "Mose",
    "Naust", "Older", "Orre", "Rogn", "Rype", "Selje", "Skarv", "Skjel", "Solv", "Storm", "Tang", "Teist", "Tind",
    "Torv", "Ulv", "Vind",
];
const LAST: [&str; 18] = [
    "vika", "neset", "dalen", "eidet", "sundet", "heim", "stad", "voll", "bøen", "setra", "land", "strand", "hamna",
    "bakken", "haugen", "myra", "tangen", "øyra",
];
const BEFORE: [&str; 8] = ["Ytre ", "Indre ", "Øvre ", "Nedre ", "Nordre ", "Søre ", "Store ", "Vesle "];
const STREET_FIRST: [&str; 40] = [
    "Strand",
    "Kyrkje",
    "Skule",
    "Naust",
    "Fjell",
    "Bakke",
    "Elve",
    "Foss",
    "Hage",
    "Kai",
    "Molo",
    "Myr",
    "Nedre ",
    "Øvre ",
    "Ring",
    "Sjø",
    "Skog",
    "Sol",
    "Sund",
    "Tun",
    "Utsikts",
    "Vik",
    "Åker",
    "Bjørke",
    "Rogne",
    "Selje",
    "Hassel",
    "Kløver",
    "Blåbær",
    "Tyttebær",
    "Multe",
    "Lyng",
    "Måse",
    "Terne",
    "Ørne",
    "Spurve",
    "Lerke",
    "Fiskar",
    "Smie",
    "Kvern",
];
const STREET_LAST: [&str; 6] = ["vegen", "gata", "bakken", "stien", "svingen", "lia"];

/// Names of settlements and what is called after them.
pub(crate) struct Names {
    sites: Vec<String>,
}

impl Names {
    /// Draws a name for each of `count` settlements; all differ.
    pub(crate) fn new(seed: u64, count: usize) -> Self {
        let mut rng = Rng::new(seed, 31);
        let mut used = BTreeSet::new();
        let mut sites = Vec::with_capacity(count);
        while sites.len() < count {
            let plain = format!("{}{}", FIRST[rng.below(FIRST.len())], LAST[rng.below(LAST.len())]);
            let mut name = plain.clone();
            if !used.insert(name.clone()) {
                name = format!("{}{plain}", BEFORE[rng.below(BEFORE.len())]);
                let mut number = 2;
                while !used.insert(name.clone()) {
                    name = format!("{plain} {number}");
                    number += 1;
                }
            }
            sites.push(name);
        }
        Self { sites }
    }

    /// A settlement's name.
    pub(crate) fn site(&self, site: u32) -> &str {
        self.sites.get(site as usize).map_or("Fjorden", String::as_str)
    }

    /// The name of a road, bridge or tunnel of a settlement.
    pub(crate) fn road(&self, site: u32, carrier: Carrier) -> String {
        let suffix = match carrier {
            Carrier::Bridge => "brua",
            Carrier::Tunnel => "tunnelen",
            Carrier::Ground | Carrier::Ferry => "vegen",
        };
        format!("{}{suffix}", self.site(site))
    }
}

/// A street's name.
pub(crate) fn street(rng: &mut Rng) -> String {
    let first = STREET_FIRST[rng.below(STREET_FIRST.len())];
    let last = STREET_LAST[if rng.chance(0.6) { 0 } else { rng.below(STREET_LAST.len()) }];
    if first.ends_with(' ') { format!("{first}{}", capital(last)) } else { format!("{first}{last}") }
}

/// The name of a farm road: the farm's.
pub(crate) fn farm(rng: &mut Rng) -> String {
    format!("{}{}", FIRST[rng.below(FIRST.len())], ["gardsvegen", "lia", "teigen", "rudvegen", "marka"][rng.below(5)])
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}
