//! Matrikkelen's address file (Kartverket, "Matrikkelen – Adresse"): three generations of it, told by their columns' names.

use csv::StringRecord;

use super::Table;
use super::columns::Columns;
use crate::raw::{RawPremises, RawRegion};

/// The columns that only this file has.
pub(super) struct Fields {
    letter: Option<usize>,
    extra_name: Option<usize>,
    gnr: Option<usize>,
    bnr: Option<usize>,
    fnr: Option<usize>,
    municipality: usize,
    municipality_name: Option<usize>,
    access: Option<(usize, usize)>,
    address_id: Option<usize>,
}

impl Fields {
    /// The columns, where the table is such a file.
    pub(super) fn find(columns: &Columns) -> Option<Self> {
        let at = |name: &str| columns.find(name);
        at("epsg-kode").and(at("nord")).and(at("øst"))?;
        Some(Self {
            letter: at("bokstav"),
            extra_name: at("adressetilleggsnavn"),
            gnr: at("gardsnummer"),
            bnr: at("bruksnummer"),
            fnr: at("festenummer"),
            municipality: at("kommunenummer")?,
            municipality_name: at("kommunenavn"),
            access: at("atkomstøst").zip(at("atkomstnord")),
            address_id: at("adresseid").or(at("lokalid")),
        })
    }

    /// What the general columns do not say.
    pub(super) fn fill(&self, table: &mut Table, row: &StringRecord, line: u64, premises: &mut RawPremises) {
        let text = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or_default().trim();
        premises.number.push_str(text(self.letter));
        // `matrikkeladresse`: named by its parcel, at best with the farm's name.
        if premises.street.is_empty() {
            premises.street = text(self.extra_name).to_owned();
        }
        let parts = [text(self.gnr), text(self.bnr), text(self.fnr)];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty() && *part != "0").collect();
        premises.parcel = parts.join("/");
        let id = text(self.address_id);
        if !id.is_empty() {
            premises.external_id = id.to_owned();
        }
        let code = text(Some(self.municipality));
        // Spreadsheets eat the leading zero of `0301`.
        let code = if code.len() == 3 { format!("0{code}") } else { code.to_owned() };
        premises.municipality = (!code.is_empty()).then_some(code);
        if let Some((east, north)) =
            self.access.filter(|&(e, n)| !text(Some(e)).is_empty() && !text(Some(n)).is_empty())
        {
            premises.access_point = table.place_of(row, line, east, north, false);
            *table.region.counts.entry("access points".to_owned()).or_insert(0) +=
                u64::from(premises.access_point.is_some());
        }
        if let Some(code) = &premises.municipality {
            let name = text(self.municipality_name);
            if !table.region.municipalities.iter().any(|(known, ..)| known == code) {
                table.region.municipalities.push((code.clone(), title(name), Vec::new()));
            }
        }
    }

    /// The file carries no areas: what it adds are names of municipalities.
    pub(super) fn finish(self, region: &mut RawRegion) {
        region.municipalities.sort_by(|a, b| a.0.cmp(&b.0));
    }
}

/// `ELVERUM` as `Elverum`, `NORD-FRON` as `Nord-Fron`; what is not all capitals stays.
fn title(name: &str) -> String {
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    let mut start = true;
    let mut text = String::new();
    for c in name.chars() {
        if start {
            text.push(c)
        } else {
            text.extend(c.to_lowercase())
        }
        start = !c.is_alphabetic();
    }
    text
}
