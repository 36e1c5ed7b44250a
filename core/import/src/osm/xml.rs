//! OSM XML, plain or gzipped, read as a stream. Entities other than XML's own five and character numbers are not expanded,
//! and a gzip stream may not unpack to far more than real extracts do.

use std::io::{BufRead, BufReader, ErrorKind, Read};

use breiband_model::{Context, Issue, Severity};
use flate2::read::MultiGzDecoder;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

use super::collect::{Collected, Member, Node, Place};
use super::error::{ReadError, looks_like};
use crate::tags::Tags;

/// A gzip stream may unpack to this many bytes, and [`RATIO_LIMIT`] times the file's size more. Real extracts: 10 to 20 times.
const SPARE_BYTES: u64 = 32 * 1024 * 1024;
const RATIO_LIMIT: u64 = 60;

/// Reads plain XML.
pub(super) fn read(bytes: &[u8], into: &mut Collected, context: &mut Context<'_>) -> Result<(), ReadError> {
    stream(bytes, bytes.len() as u64, into, context)
}

/// Reads gzipped XML.
pub(super) fn read_gzip(bytes: &[u8], into: &mut Collected, context: &mut Context<'_>) -> Result<(), ReadError> {
    if !bytes.starts_with(b"\x1f\x8b") {
        let (found, advice) = looks_like(bytes);
        return Err(ReadError::WrongFormat { expected: "gzipped OSM XML", found, advice });
    }
    let limit = SPARE_BYTES + RATIO_LIMIT * bytes.len() as u64;
    let capped = Capped { inner: MultiGzDecoder::new(bytes), left: limit };
    stream(BufReader::with_capacity(1 << 16, capped), 0, into, context)
}

/// A reader that fails once more bytes came than it may give.
struct Capped<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or(ErrorKind::FileTooLarge)?;
        Ok(count)
    }
}

fn stream(
    mut source: impl BufRead,
    size: u64,
    into: &mut Collected,
    context: &mut Context<'_>,
) -> Result<(), ReadError> {
    let head = source.fill_buf().map_err(|error| io_error(&error, 0))?;
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    if !text.starts_with(b"<") {
        let (found, advice) = looks_like(head);
        return Err(ReadError::WrongFormat { expected: "OSM XML", found, advice });
    }
    let mut reader = Reader::from_reader(source);
    let mut buffer = Vec::new();
    let mut parser = Parser::default();
    let mut events = 0_u64;
    loop {
        let at = reader.buffer_position();
        if events.is_multiple_of(1 << 14) {
            context.check()?;
            context.observer.progress("read", at, size);
        }
        events += 1;
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) => return Err(io_error(&error, at)),
            Err(error) => {
                return Err(ReadError::broken(
                    format!("byte {}{}", reader.error_position().max(at), parser.inside()),
                    format!("the XML is broken: {error}"),
                ));
            }
        };
        match event {
            Event::Decl(declaration) => {
                if let Some(Ok(encoding)) = declaration.encoding()
                    && !encoding.eq_ignore_ascii_case(b"utf-8")
                    && !encoding.eq_ignore_ascii_case(b"us-ascii")
                {
                    return Err(ReadError::Unsupported {
                        place: format!("byte {at}"),
                        what: format!("the text is {}", String::from_utf8_lossy(&encoding[..encoding.len().min(40)])),
                        advice: "convert it to UTF-8",
                    });
                }
            }
            Event::Start(element) => parser.start(&element, at, false, into)?,
            Event::Empty(element) => parser.start(&element, at, true, into)?,
            Event::Text(text) if parser.remarked => remark(&text, into),
            Event::End(element) => parser.end(element.name().as_ref(), into),
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    if !parser.finished {
        let place = format!("byte {}{}", reader.buffer_position(), parser.inside());
        return Err(ReadError::Truncated { place, before: "before </osm>" });
    }
    Ok(())
}

/// What a server says at the end of an answer that it could not finish: the file is sound, but only a part of what was asked for.
fn remark(text: &[u8], into: &mut Collected) {
    let text = String::from_utf8_lossy(text.trim_ascii());
    if !text.is_empty() {
        let message = "the server that made the file says that it is not complete: ask for less at once, or later";
        let text: String = text.chars().take(300).collect();
        into.issues.add(|| Issue::new("server-remark", Severity::Error, message).field("remark", text));
    }
}

fn io_error(error: &std::io::Error, at: u64) -> ReadError {
    let place = format!("byte {at} of the unpacked text");
    if error.kind() == ErrorKind::FileTooLarge {
        let problem = format!(
            "the file unpacks to more than {RATIO_LIMIT} times its size, as no map does: it is damaged or made to fill the memory"
        );
        return ReadError::malformed(place, problem);
    }
    ReadError::malformed(place, format!("the gzip stream is broken or cut short ({error}): download it again"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Node,
    Way,
    Relation,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Way => "way",
            Self::Relation => "relation",
        }
    }
}

/// The element being read.
#[derive(Debug, Clone, Copy)]
struct Open {
    kind: Kind,
    id: i64,
    place: Option<Place>,
    deleted: bool,
}

#[derive(Default)]
struct Parser {
    rooted: bool,
    finished: bool,
    /// Inside Overpass' `<remark>`.
    remarked: bool,
    open: Option<Open>,
    tags: Vec<(String, String)>,
    refs: Vec<i64>,
    members: Vec<Member>,
}

impl Parser {
    fn inside(&self) -> String {
        self.open.map_or_else(String::new, |open| format!(", in {}/{}", open.kind.name(), open.id))
    }

    fn start(&mut self, element: &BytesStart<'_>, at: u64, empty: bool, into: &mut Collected) -> Result<(), ReadError> {
        let name = element.name();
        if !self.rooted {
            return self.root(name.as_ref(), at, empty);
        }
        match (name.as_ref(), self.open.is_some()) {
            (b"node", false) => self.open(Kind::Node, element, at, into)?,
            (b"way", false) => self.open(Kind::Way, element, at, into)?,
            (b"relation", false) => self.open(Kind::Relation, element, at, into)?,
            (b"remark", false) => self.remarked = true,
            (b"tag", true) => self.tag(element, into),
            (b"nd", true) if self.open.is_some_and(|open| open.kind == Kind::Way) => self.reference(element, into),
            (b"member", true) => self.member(element, into),
            _ => {}
        }
        if empty {
            self.end(name.as_ref(), into);
        }
        Ok(())
    }

    fn root(&mut self, name: &[u8], at: u64, empty: bool) -> Result<(), ReadError> {
        if name == b"osm" {
            self.rooted = true;
            self.finished = empty;
            return Ok(());
        }
        let name = String::from_utf8_lossy(&name[..name.len().min(40)]).into_owned();
        let advice = match name.as_str() {
            "osmChange" => "apply the changes to an extract with `osmium apply-changes`, and give that",
            "html" => "it is a web page, so the download probably led to a log-in or an error: look at it in a browser",
            _ => "give the file its proper name, or export it as OSM XML",
        };
        Err(ReadError::Unsupported {
            place: format!("byte {at}"),
            what: format!("the root element is <{name}>, not <osm>"),
            advice,
        })
    }

    fn open(&mut self, kind: Kind, element: &BytesStart<'_>, at: u64, into: &mut Collected) -> Result<(), ReadError> {
        let (mut id, mut lon, mut lat, mut deleted) = (None, None, None, false);
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| {
                ReadError::broken(format!("byte {at}"), format!("an attribute of <{}> is broken: {error}", kind.name()))
            })?;
            let text = std::str::from_utf8(&attribute.value).unwrap_or_default().trim();
            match attribute.key.as_ref() {
                b"id" => id = text.parse().ok(),
                b"lat" => lat = text.parse::<f64>().ok(),
                b"lon" => lon = text.parse::<f64>().ok(),
                b"visible" => deleted |= text == "false",
                b"action" => deleted |= text == "delete",
                _ => {}
            }
        }
        let Some(id) = id else {
            into.issues.add(|| {
                Issue::new("bad-id", Severity::Error, "the element has no id that is a number and was left out")
                    .record(format!("byte {at}"))
                    .field("id", kind.name())
            });
            return Ok(());
        };
        let place = lon.zip(lat).and_then(|(lon, lat)| Place::from_degrees(lon, lat));
        self.tags.clear();
        self.refs.clear();
        self.members.clear();
        self.open = Some(Open { kind, id, place, deleted });
        Ok(())
    }

    fn end(&mut self, name: &[u8], into: &mut Collected) {
        match name {
            b"osm" => self.finished = true,
            b"remark" => self.remarked = false,
            _ => {}
        }
        let Some(open) = self.open else { return };
        if name != open.kind.name().as_bytes() {
            return;
        }
        self.open = None;
        if open.deleted {
            into.tally.deleted += 1;
            return;
        }
        let mut tags = Tags::default();
        self.tags.iter().for_each(|(key, value)| tags.set(key, value));
        match open.kind {
            Kind::Node => into.node(open.id, open.place, Some(&tags).filter(|_| !self.tags.is_empty())),
            Kind::Way => into.way(open.id, &tags, &self.refs),
            Kind::Relation => into.relation(open.id, &tags, &self.members),
        }
    }

    fn tag(&mut self, element: &BytesStart<'_>, into: &mut Collected) {
        let (Some(key), Some(value)) = (self.text(element, b"k", into), self.text(element, b"v", into)) else { return };
        if Tags::knows(key.as_bytes()) {
            self.tags.push((key, value));
        }
    }

    /// A way's node, whose place may be said with it.
    fn reference(&mut self, element: &BytesStart<'_>, into: &mut Collected) {
        let id = self.number(element, b"ref", into);
        // No node has the least number: the way is cut there, as at a missing node.
        self.refs.push(id.unwrap_or(i64::MIN));
        // Looked for first: most files have nothing but the number here.
        if !element.attributes_raw().windows(4).any(|word| word == b"lat=") {
            return;
        }
        let (mut lon, mut lat) = (None, None);
        for attribute in element.attributes().with_checks(false).flatten() {
            let degrees = || std::str::from_utf8(&attribute.value).ok()?.trim().parse::<f64>().ok();
            match attribute.key.as_ref() {
                b"lon" => lon = degrees(),
                b"lat" => lat = degrees(),
                _ => {}
            }
        }
        let place = lon.zip(lat).and_then(|(lon, lat)| Place::from_degrees(lon, lat));
        into.located.extend(id.zip(place).map(|(id, place)| Node { id, place }));
    }

    fn member(&mut self, element: &BytesStart<'_>, into: &mut Collected) {
        if self.text(element, b"type", into).as_deref() == Some("way")
            && let Some(way) = self.number(element, b"ref", into)
        {
            let inner = self.text(element, b"role", into).as_deref() == Some("inner");
            self.members.push(Member { way, inner });
        }
    }

    fn number(&self, element: &BytesStart<'_>, name: &[u8], into: &mut Collected) -> Option<i64> {
        let text = self.text(element, name, into).unwrap_or_default();
        let number = text.trim().parse().ok();
        if number.is_none() {
            into.issues.add(|| {
                Issue::new(
                    "bad-reference",
                    Severity::Warning,
                    "the reference is not a number; it was taken as a missing one",
                )
                .record(self.record())
                .field("ref", text)
            });
        }
        number
    }

    /// An attribute's text; lists it where it is not UTF-8 or holds an unknown entity.
    fn text(&self, element: &BytesStart<'_>, name: &[u8], into: &mut Collected) -> Option<String> {
        let attribute = element.attributes().with_checks(false).flatten().find(|a| a.key.as_ref() == name)?;
        let Ok(text) = std::str::from_utf8(&attribute.value) else {
            into.issues.add(|| {
                Issue::new("not-utf8", Severity::Warning, "the tag is not UTF-8 text and was passed over")
                    .record(self.record())
                    .field(String::from_utf8_lossy(name), String::from_utf8_lossy(&attribute.value))
            });
            return None;
        };
        match unescape(text) {
            Ok(text) => Some(text.into_owned()),
            Err(error) => {
                into.issues.add(|| {
                    Issue::new(
                        "bad-entity",
                        Severity::Warning,
                        format!("the text cannot be read and was passed over: {error}"),
                    )
                    .record(self.record())
                    .field(String::from_utf8_lossy(name), text)
                });
                None
            }
        }
    }

    fn record(&self) -> String {
        self.open.map_or_else(String::new, |open| format!("{}/{}", open.kind.name(), open.id))
    }
}
