//! Tables: CSV with any of the usual separators, columns by name, coordinates in any system.

mod columns;
mod matrikkelen;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use breiband_model::{Context, Input, Issue, PremisesKind, Role, Sentence, Service, Severity, SiteKind, separator};
use csv::StringRecord;

use self::columns::Columns;
use crate::error::ReadError;
use crate::format;
use crate::place::Placer;
use crate::raw::{LonLat, RawHandover, RawMast, RawPremises, RawRegion};
use crate::tags;
use crate::value::{parse_bool, parse_count, parse_number, parse_speed};

/// What may stand between columns.
const SEPARATORS: &[u8] = b",;\t|";

/// Reads a table.
pub(crate) fn read(bytes: &[u8], input: &Input, ctx: &mut Context<'_>) -> Result<RawRegion, ReadError> {
    let whole = format::text(bytes)?;
    // A first line `sep=;` is a spreadsheet's note on what stands between columns.
    let (noted, text) = match whole.split_once('\n') {
        Some((first, rest)) if first.len() < 9 && first.to_ascii_lowercase().starts_with("sep=") => {
            (first.as_bytes().get(4).copied().filter(|byte| SEPARATORS.contains(byte)), rest)
        }
        _ => (None, whole),
    };
    let passed = u64::from(text.len() < whole.len());
    let mut lines = csv::ReaderBuilder::new()
        .delimiter(noted.unwrap_or_else(|| separator(text.as_bytes(), SEPARATORS)))
        .has_headers(true)
        .flexible(true)
        .trim(csv::Trim::Headers)
        .from_reader(text.as_bytes());
    let damaged = |error: &csv::Error| {
        let line = error.position().map_or(0, csv::Position::line) + passed;
        ReadError::Damaged { place: format!("line {line}"), what: error.to_string() }
    };
    let headers = lines.headers().map_err(|error| damaged(&error))?.clone();
    let columns = Columns::new(&headers, &input.columns)?;
    let mut table = Table::new(columns, input)?;
    let width = headers.len();
    let mut row = StringRecord::new();
    let (mut number, mut blank) = (0_u64, 0_u64);
    while lines.read_record(&mut row).map_err(|error| damaged(&error))? {
        number += 1;
        if number.is_multiple_of(4096) {
            ctx.check()?;
            ctx.observer.progress("import", lines.position().byte(), text.len() as u64);
        }
        let line = row.position().map_or(0, |at| line_of(text, at)) + passed;
        // Spreadsheets leave rows of nothing but separators.
        if row.iter().all(|field| field.trim().is_empty()) {
            blank += 1;
            continue;
        }
        if row.len() != width {
            let more = match row.len() {
                1 => ": what stands between fields must be the same in both",
                many if many > width => ": a field with decimal commas needs quotes, or another separator",
                _ => "",
            };
            let message =
                format!("the row has {} fields and the header {width}{more}; the row was left out", row.len());
            table.region.issues.push(Issue::new("row-width", Severity::Error, message).record(format!("line {line}")));
            continue;
        }
        table.add(&row, line);
    }
    if number == blank {
        table.region.issues.push(Issue::new("no-records", Severity::Warning, "the table has a header but no rows"));
    }
    table.finish()
}

/// The line that a record begins on. The csv crate's own position is before the line feed of the row above where lines end
/// in carriage return and line feed, and before empty lines.
fn line_of(text: &str, at: &csv::Position) -> u64 {
    let from = usize::try_from(at.byte()).ok().and_then(|byte| text.as_bytes().get(byte..)).unwrap_or_default();
    let passed = from.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    at.line() + passed.filter(|&&byte| byte == b'\n').count() as u64
}

/// Where the coordinates are.
struct Place {
    x: usize,
    y: usize,
    epsg: Option<usize>,
    /// Where rows do not say it.
    default_epsg: Option<u32>,
}

struct Table {
    region: RawRegion,
    columns: Columns,
    role: Role,
    place: Option<Place>,
    placers: BTreeMap<u32, Placer>,
    stem: String,
    matrikkelen: Option<matrikkelen::Fields>,
}

/// What a table of some role must have.
const COORDINATES: &str = "the table needs coordinates (`lon` and `lat`, `x` and `y`, or `east` and `north`); its columns are: \
                           {columns}. Name them with `columns` on this input";
const ID: &str =
    "the table needs the premises' `id`; its columns are: {columns}. Name them with `columns` on this input";
const ONE_COLUMN: &str = "the table's header, its first line, is a single column: {columns}. Save the table with a comma, a semicolon, a tab or | between \
                          columns";
const SPEED: &str = "the table needs the speed today (`down_mbps` or `down_kbps`); its columns are: {columns}. Name them with \
                     `columns` on this input";

impl Table {
    fn new(columns: Columns, input: &Input) -> Result<Self, ReadError> {
        let place = columns.place(input.epsg);
        // What no row can be read by refuses the file.
        if let Some(epsg) = place.as_ref().and(input.epsg) {
            Placer::from_epsg(Some(epsg))?;
        }
        let matrikkelen = matrikkelen::Fields::find(&columns);
        let role = match input.role {
            Role::Auto => guess(&columns, place.is_some(), matrikkelen.is_some(), &input.path)?,
            role => role,
        };
        let need = |ok: bool, words| {
            // A single column is most often several that stand apart by something else.
            let words = if columns.are_one() { ONE_COLUMN } else { words };
            let fault = || ReadError::Columns(Sentence::with(words, [("columns", columns.list())]));
            ok.then_some(()).ok_or_else(fault)
        };
        match role {
            Role::Premises | Role::Handovers | Role::Masts | Role::Sites => {
                need(place.is_some(), COORDINATES)?;
            }
            Role::Service => {
                need(columns.id.is_some(), ID)?;
                need(columns.down.is_some(), SPEED)?;
            }
            Role::SignUps => need(columns.id.is_some(), ID)?,
            _ => {
                return Err(ReadError::Role(
                    "a table holds premises, service, sign-ups, handovers, masts or sites: give the input one of these with `as =`"
                        .into(),
                ));
            }
        }
        let matrikkelen = matrikkelen.filter(|_| role == Role::Premises);
        let mut region = RawRegion { format: "csv".to_owned(), ..Default::default() };
        if matrikkelen.is_some() {
            region.format = "matrikkelen-csv".to_owned();
            region.attribution = "© Kartverket (CC BY 4.0)".to_owned();
        }
        let stem = input.path.rsplit(['/', '\\']).next().unwrap_or(&input.path).to_owned();
        Ok(Self { region, columns, role, place, placers: BTreeMap::new(), stem, matrikkelen })
    }

    fn issue(&mut self, code: &str, severity: Severity, line: u64, field: &str, value: &str, message: &str) {
        let issue = Issue::new(code, severity, message).record(format!("line {line}"));
        self.region.issues.push(issue.field(field, value));
    }

    fn count(&mut self, what: &str) {
        *self.region.counts.entry(what.to_owned()).or_insert(0) += 1;
    }

    fn add(&mut self, row: &StringRecord, line: u64) {
        match self.role {
            Role::Service => self.service(row, line),
            Role::SignUps => self.sign_up(row, line),
            _ => {
                let Some(point) = self.point(row, line) else { return };
                match self.role {
                    Role::Handovers => self.handover(row, line, point),
                    Role::Masts => self.mast(row, line, point),
                    Role::Sites => self.site(row, line, point),
                    _ => self.premises(row, line, point),
                }
            }
        }
    }

    fn id(&self, row: &StringRecord, line: u64) -> String {
        let id = self.columns.text(row, self.columns.id);
        if id.is_empty() { format!("{}/line-{line}", self.stem) } else { id.to_owned() }
    }

    fn point(&mut self, row: &StringRecord, line: u64) -> Option<LonLat> {
        let place = self.place.as_ref()?;
        let (x, y) = (place.x, place.y);
        self.place_of(row, line, x, y, true)
    }

    /// The place in two columns. Where `needed`, a fault costs the row.
    fn place_of(&mut self, row: &StringRecord, line: u64, x: usize, y: usize, needed: bool) -> Option<LonLat> {
        let severity = if needed { Severity::Error } else { Severity::Warning };
        let place = self.place.as_ref()?;
        let epsg = match place.epsg {
            Some(at) if !row[at].trim().is_empty() => row[at].trim().trim_start_matches("EPSG:").parse::<u32>().ok(),
            _ => Some(place.default_epsg.unwrap_or(4326)),
        };
        let Some(epsg) = epsg else {
            let at = place.epsg.unwrap_or(0);
            self.issue("bad-epsg", severity, line, "EPSG", &row[at], "no EPSG code: the row's place is unknown");
            return None;
        };
        let mut numbers = [0.0; 2];
        for (number, at) in numbers.iter_mut().zip([x, y]) {
            let Some(value) = parse_number(&row[at]) else {
                let name = self.columns.name(at).to_owned();
                let message = "no decimal number, such as 62.4702: the row's place is unknown";
                self.issue("bad-coordinate", severity, line, &name, &row[at], message);
                return None;
            };
            *number = value;
        }
        let placer = match self.placers.entry(epsg) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(new) => Placer::from_epsg(Some(epsg)).map(|placer| new.insert(placer)),
        };
        let placed = match placer {
            Ok(placer) => placer.place(numbers),
            Err(error) => {
                self.issue("bad-epsg", severity, line, "EPSG", &epsg.to_string(), &error.to_string());
                return None;
            }
        };
        let field = format!("{}, {}", self.columns.name(x), self.columns.name(y));
        let value = format!("{}, {}", &row[x], &row[y]);
        placed.map_err(|message| self.issue("bad-coordinate", severity, line, &field, &value, &message)).ok()
    }

    fn premises(&mut self, row: &StringRecord, line: u64, point: LonLat) {
        let c = &self.columns;
        let text = |at: Option<usize>| c.text(row, at).to_owned();
        let mut premises = RawPremises {
            external_id: self.id(row, line),
            street: text(c.street),
            number: text(c.number),
            postcode: text(c.postcode),
            city: text(c.city),
            parcel: text(c.parcel),
            point,
            access_point: None,
            building: None,
            municipality: Some(text(c.municipality)).filter(|code| !code.is_empty()),
            households: None,
            kind: Some(c.text(row, c.kind))
                .filter(|k| !k.is_empty())
                .map_or(PremisesKind::Unknown, tags::premises_word),
            service: None,
            signed_up: Some(c.text(row, c.signed_up)).filter(|t| !t.is_empty()).and_then(parse_bool),
        };
        let households = text(c.households);
        if !households.is_empty() {
            premises.households = parse_count(&households);
            if premises.households.is_none() {
                let message = "no number of households: one is assumed";
                self.issue("bad-value", Severity::Warning, line, "households", &households, message);
            }
        }
        premises.service = self.service_of(row, line);
        if let Some(fields) = self.matrikkelen.take() {
            fields.fill(self, row, line, &mut premises);
            self.matrikkelen = Some(fields);
        }
        self.region.premises.push(premises);
        self.count("premises");
    }

    fn service_of(&mut self, row: &StringRecord, line: u64) -> Option<Service> {
        let c = &self.columns;
        let (down_at, down_factor) = c.down?;
        let down = c.text(row, Some(down_at)).to_owned();
        if down.is_empty() {
            return None;
        }
        let (up_at, up_factor) = c.up.map_or((None, 1.0), |(at, factor)| (Some(at), factor));
        let up = c.text(row, up_at).to_owned();
        let technology = c.text(row, c.technology).to_owned();
        let Some(down_mbps) = parse_speed(&down, down_factor) else {
            let message = "no speed: the row was left out, and the address counts as unserved";
            self.issue("bad-value", Severity::Error, line, "down", &down, message);
            return None;
        };
        let up_mbps = if up.is_empty() { Some(0.0) } else { parse_speed(&up, up_factor) };
        if up_mbps.is_none() {
            self.issue("bad-value", Severity::Warning, line, "up", &up, "no speed: taken as 0");
        }
        Some(Service { down_mbps, up_mbps: up_mbps.unwrap_or(0.0), technology })
    }

    /// The premises' id of a row that is nothing without one.
    fn needed_id(&mut self, row: &StringRecord, line: u64) -> Option<String> {
        let id = self.columns.text(row, self.columns.id).to_owned();
        if id.is_empty() {
            self.issue("no-id", Severity::Error, line, "id", "", "the row names no premises and was left out");
            return None;
        }
        Some(id)
    }

    fn service(&mut self, row: &StringRecord, line: u64) {
        let Some(id) = self.needed_id(row, line) else { return };
        if let Some(service) = self.service_of(row, line) {
            self.region.service.push((id, service, format!("line {line}")));
            self.count("service");
        }
    }

    fn sign_up(&mut self, row: &StringRecord, line: u64) {
        let Some(id) = self.needed_id(row, line) else { return };
        let text = self.columns.text(row, self.columns.signed_up).to_owned();
        // A list of ids without a column is a list of those who have signed up.
        let signed = if self.columns.signed_up.is_none() { Some(true) } else { parse_bool(&text) };
        match signed {
            Some(signed) => {
                self.region.sign_ups.push((id, signed, format!("line {line}")));
                self.count("sign-ups");
            }
            None => self.issue("bad-value", Severity::Error, line, "signed_up", &text, "neither yes nor no: left out"),
        }
    }

    fn handover(&mut self, row: &StringRecord, line: u64, point: LonLat) {
        let id = self.id(row, line);
        let name = Some(self.columns.text(row, self.columns.title)).filter(|n| !n.is_empty()).unwrap_or(&id).to_owned();
        let texts = self.columns.opening.map(|at| self.columns.text(row, at).to_owned());
        let mut handover = RawHandover { external_id: id, name, point, opening: None };
        if let Some((field, text, message)) = handover.describe([&texts[0], &texts[1]]) {
            self.issue("bad-value", Severity::Warning, line, field, text, message);
        }
        self.region.handovers.push(handover);
        self.count("handovers");
    }

    fn mast(&mut self, row: &StringRecord, line: u64, point: LonLat) {
        let id = self.id(row, line);
        let name = Some(self.columns.text(row, self.columns.title)).filter(|n| !n.is_empty()).unwrap_or(&id).to_owned();
        let texts = self.columns.mast.map(|at| self.columns.text(row, at).to_owned());
        let mut mast = RawMast { external_id: id, name, point, height_mm: None, sectors: None, existing: false };
        for (field, text, message) in mast.describe([&texts[0], &texts[1], &texts[2]]) {
            self.issue("bad-value", Severity::Warning, line, field, text, message);
        }
        self.region.masts.push(mast);
        self.count("masts");
    }

    fn site(&mut self, row: &StringRecord, line: u64, point: LonLat) {
        let id = self.id(row, line);
        let kind = self.columns.text(row, self.columns.kind).to_lowercase();
        let kind = tags::site_word(&kind).unwrap_or(SiteKind::Other);
        let name = self.columns.text(row, self.columns.title).to_owned();
        self.region.sites.push((id, kind, name, point));
        self.count("sites");
    }

    fn finish(self) -> Result<RawRegion, ReadError> {
        for placer in self.placers.values() {
            placer.verdict()?;
        }
        let mut region = self.region;
        if let Some(fields) = self.matrikkelen {
            fields.finish(&mut region);
        }
        Ok(region)
    }
}

/// What a table without a role is.
fn guess(columns: &Columns, placed: bool, matrikkelen: bool, name: &str) -> Result<Role, ReadError> {
    let name = name.to_lowercase();
    let named = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if matrikkelen {
        Ok(Role::Premises)
    } else if placed && named(&["handover"]) {
        Ok(Role::Handovers)
    } else if placed && named(&["mast", "antenna"]) {
        Ok(Role::Masts)
    } else if placed && named(&["site"]) {
        Ok(Role::Sites)
    } else if placed {
        Ok(Role::Premises)
    } else if columns.id.is_some() && columns.down.is_some() {
        Ok(Role::Service)
    } else if columns.id.is_some() && (columns.signed_up.is_some() || named(&["sign-up", "signup", "sign_up"])) {
        Ok(Role::SignUps)
    } else {
        let words = match columns.are_one() {
            true => ONE_COLUMN,
            false => {
                "the table has neither coordinates nor an `id` with speeds or sign-ups, so nothing says what it is; its columns, by \
                 its first line, are: {columns}. Name them with `columns`, and its role with `as =`"
            }
        };
        Err(ReadError::Columns(Sentence::with(words, [("columns", columns.list())])))
    }
}
