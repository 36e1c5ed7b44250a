//! OSM PBF: a chain of zlib blobs, each a block of elements.
//!
//! The blocks are walked where they lie: no message is built, so that what a file claims about itself allocates nothing,
//! and the rate is above that of decoding into objects first (`benches/osm.rs` compares with the `osmpbf` crate, which is
//! also the oracle of the tests). A header is at most 64 KiB, a blob at most 32 MiB, both as the format says; the unpacked
//! size is checked before anything is unpacked, and the sum of them is bounded by the size of the file.

use breiband_model::{Context, Issue, Severity};
use flate2::{Decompress, FlushDecompress, Status};

use super::collect::{Collected, Member, Node, Place};
use super::error::{ReadError, looks_like};
use super::wire::{Message, Packed, WireError, zigzag};
use crate::tags::Tags;

const HEADER_LIMIT: u64 = 64 * 1024;
const BLOB_LIMIT: u64 = 32 * 1024 * 1024;
/// All blocks together may unpack to this many times the file's size (real files: 3 to 6 times), and a block's worth more.
const RATIO_LIMIT: u64 = 20;

/// Reads a whole file.
pub(super) fn read(bytes: &[u8], into: &mut Collected, context: &mut Context<'_>) -> Result<(), ReadError> {
    if !looks_like_pbf(bytes) {
        let (found, advice) = looks_like(bytes);
        return Err(ReadError::WrongFormat { expected: "OSM PBF", found, advice });
    }
    let mut inflate = Inflate {
        zlib: Decompress::new(true),
        buffer: Vec::new(),
        total: 0,
        limit: BLOB_LIMIT + RATIO_LIMIT * bytes.len() as u64,
    };
    let mut at = 0;
    let mut number = 0_u64;
    while at < bytes.len() {
        context.check()?;
        context.observer.progress("read", at as u64, bytes.len() as u64);
        let place = format!("byte {at}, block {number}");
        let (header, data, next) = blob(bytes, at, &place)?;
        match header {
            b"OSMHeader" => header_block(inflate.blob(data, &place)?, &place)?,
            b"OSMData" if number > 0 => {
                let block = inflate.blob(data, &place)?;
                primitive_block(block, into, &place)?;
            }
            b"OSMData" => {
                return Err(ReadError::broken(place, "the file begins with data, not with its header"));
            }
            _ => {}
        }
        at = next;
        number += 1;
    }
    context.observer.progress("read", at as u64, bytes.len() as u64);
    Ok(())
}

/// Whether the first blob names itself as OSM's, or the file ends before it could.
fn looks_like_pbf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(64)];
    let names = |name: &[u8]| head.windows(name.len()).any(|w| w == name);
    names(b"OSMHeader") || names(b"OSMData") || bytes.len() < 17 && bytes.first() == Some(&0)
}

/// The type, the blob message and the position after it of the blob at `at`.
fn blob<'a>(bytes: &'a [u8], at: usize, place: &str) -> Result<(&'a [u8], &'a [u8], usize), ReadError> {
    let ends = || ReadError::Truncated { place: place.to_owned(), before: "inside a block" };
    let rest = &bytes[at..];
    let (length, rest) = rest.split_first_chunk::<4>().ok_or_else(ends)?;
    let length = u64::from(u32::from_be_bytes(*length));
    if length > HEADER_LIMIT {
        return Err(ReadError::TooLarge {
            place: place.to_owned(),
            what: "a block header",
            size: length,
            limit: HEADER_LIMIT,
        });
    }
    let (header, rest) = rest.split_at_checked(length as usize).ok_or_else(ends)?;
    let (mut kind, mut size) = (None, None);
    let broken = |error: WireError| ReadError::broken(place, format!("the block header is broken: {error}"));
    for field in Message(header) {
        let field = field.map_err(broken)?;
        match field.tag {
            1 => kind = Some(field.bytes().map_err(broken)?),
            3 => size = Some(field.number().map_err(broken)?),
            _ => {}
        }
    }
    let (Some(kind), Some(size)) = (kind, size) else {
        return Err(ReadError::broken(place, "the block header lacks its type or size"));
    };
    if size > BLOB_LIMIT {
        return Err(ReadError::TooLarge { place: place.to_owned(), what: "a block", size, limit: BLOB_LIMIT });
    }
    let (data, _) = rest.split_at_checked(size as usize).ok_or_else(ends)?;
    Ok((kind, data, at + 4 + length as usize + size as usize))
}

/// Unpacks blobs into one buffer.
struct Inflate {
    zlib: Decompress,
    buffer: Vec<u8>,
    total: u64,
    limit: u64,
}

impl Inflate {
    fn blob<'a>(&'a mut self, message: &'a [u8], place: &str) -> Result<&'a [u8], ReadError> {
        let broken = |error: WireError| ReadError::broken(place, format!("the block is broken: {error}"));
        let (mut raw_size, mut raw, mut packed) = (None, None, None);
        for field in Message(message) {
            let field = field.map_err(broken)?;
            match field.tag {
                1 => raw = Some(field.bytes().map_err(broken)?),
                2 => raw_size = Some(field.number().map_err(broken)?),
                3 => packed = Some(field.bytes().map_err(broken)?),
                4..=7 => {
                    let name = ["lzma", "bzip2", "lz4", "zstd"][field.tag as usize - 4];
                    return Err(ReadError::Unsupported {
                        place: place.to_owned(),
                        what: format!("the block is packed with {name}"),
                        advice: "convert it with `osmium cat FILE -o NEW.osm.pbf`, which packs with zlib",
                    });
                }
                _ => {}
            }
        }
        if let Some(raw) = raw {
            return Ok(raw);
        }
        let Some(packed) = packed else {
            return Err(ReadError::broken(place, "the block holds no data"));
        };
        let size = raw_size.ok_or_else(|| ReadError::broken(place, "the block does not say its unpacked size"))?;
        let over = |what, size, limit| Err(ReadError::TooLarge { place: place.to_owned(), what, size, limit });
        if size > BLOB_LIMIT {
            return over("an unpacked block", size, BLOB_LIMIT);
        }
        self.total += size;
        if self.total > self.limit {
            return over("the unpacked file", self.total, self.limit);
        }
        let size = size as usize;
        if self.buffer.len() < size {
            self.buffer.resize(size, 0);
        }
        let buffer = &mut self.buffer[..size];
        self.zlib.reset(true);
        let status = self
            .zlib
            .decompress(packed, buffer, FlushDecompress::Finish)
            .map_err(|error| ReadError::broken(place, format!("the block cannot be unpacked: {error}")))?;
        let complete = status == Status::StreamEnd && self.zlib.total_out() == size as u64;
        if !complete {
            return Err(ReadError::broken(place, "the block unpacks to another size than it says"));
        }
        Ok(buffer)
    }
}

/// Checks that the file asks for nothing that we do not do.
fn header_block(block: &[u8], place: &str) -> Result<(), ReadError> {
    for field in Message(block) {
        let broken = |error: WireError| ReadError::broken(place, format!("the header is broken: {error}"));
        let field = field.map_err(broken)?;
        if field.tag != 4 {
            continue;
        }
        let feature = field.bytes().map_err(broken)?;
        if feature == b"HistoricalInformation" {
            return Err(ReadError::Unsupported {
                place: place.to_owned(),
                what: "the file is a history file (.osh), with several versions of each object".to_owned(),
                advice: "cut one day out of it with `osmium time-filter`",
            });
        }
        if feature != b"OsmSchema-V0.6" && feature != b"DenseNodes" {
            return Err(ReadError::Unsupported {
                place: place.to_owned(),
                what: format!(
                    "the file needs the feature {:?}",
                    String::from_utf8_lossy(&feature[..feature.len().min(60)])
                ),
                advice: "convert it with `osmium cat FILE -o NEW.osm.pbf`",
            });
        }
    }
    Ok(())
}

/// A block's shared parts.
struct Block<'a> {
    strings: Vec<&'a [u8]>,
    /// Whether a string is a key that means something here.
    known: Vec<bool>,
    granularity: i64,
    lat_offset: i64,
    lon_offset: i64,
}

impl<'a> Block<'a> {
    fn place(&self, lon: i64, lat: i64) -> Option<Place> {
        let nano = |offset: i64, value: i64| value.checked_mul(self.granularity)?.checked_add(offset);
        Place::from_nanodegrees(nano(self.lon_offset, lon)?, nano(self.lat_offset, lat)?)
    }

    /// Takes one tag in; lists it where it cannot be read.
    fn tag(&self, tags: &mut Tags<'a>, key: u64, value: u64, record: (&str, i64), into: &mut Collected) {
        let text = |index: u64| self.strings.get(usize::try_from(index).ok()?).copied();
        let (Some(key_bytes), Some(value_bytes)) = (text(key), text(value)) else {
            into.issues.add(|| {
                Issue::new(
                    "bad-string",
                    Severity::Warning,
                    "a tag refers to a text that the block does not have; it was passed over",
                )
                .record(format!("{}/{}", record.0, record.1))
                .field("tag", format!("{key}={value}"))
            });
            return;
        };
        if !self.known[key as usize] {
            return;
        }
        match (std::str::from_utf8(key_bytes), std::str::from_utf8(value_bytes)) {
            (Ok(key), Ok(value)) => tags.set(key, value),
            _ => into.issues.add(|| {
                Issue::new("not-utf8", Severity::Warning, "the tag is not UTF-8 text and was passed over")
                    .record(format!("{}/{}", record.0, record.1))
                    .field(String::from_utf8_lossy(key_bytes), String::from_utf8_lossy(value_bytes))
            }),
        }
    }

    fn tags(
        &self,
        keys: Packed<'_>,
        values: Packed<'_>,
        record: (&str, i64),
        into: &mut Collected,
    ) -> Result<Tags<'a>, WireError> {
        let (mut keys, mut values) = (keys, values);
        let mut tags = Tags::default();
        while let (Some(key), Some(value)) = (keys.take()?, values.take()?) {
            self.tag(&mut tags, key, value, record, into);
        }
        Ok(tags)
    }
}

fn primitive_block(bytes: &[u8], into: &mut Collected, place: &str) -> Result<(), ReadError> {
    block(bytes, into).map_err(|error| ReadError::broken(place, format!("the block is broken: {error}")))
}

fn block(bytes: &[u8], into: &mut Collected) -> Result<(), WireError> {
    let mut block = Block { strings: Vec::new(), known: Vec::new(), granularity: 100, lat_offset: 0, lon_offset: 0 };
    for field in Message(bytes) {
        let field = field?;
        match field.tag {
            1 => {
                for string in Message(field.bytes()?) {
                    let string = string?;
                    if string.tag == 1 {
                        let text = string.bytes()?;
                        block.strings.push(text);
                        block.known.push(Tags::knows(text));
                    }
                }
            }
            17 => block.granularity = i64::from(field.number()? as i32),
            19 => block.lat_offset = field.number()? as i64,
            20 => block.lon_offset = field.number()? as i64,
            _ => {}
        }
    }
    let mut scratch = Scratch::default();
    for field in Message(bytes) {
        let field = field?;
        if field.tag != 2 {
            continue;
        }
        for element in Message(field.bytes()?) {
            let element = element?;
            match element.tag {
                1 => node(&block, element.bytes()?, into)?,
                2 => dense(&block, element.bytes()?, into)?,
                3 => way(&block, element.bytes()?, &mut scratch, into)?,
                4 => relation(&block, element.bytes()?, &mut scratch, into)?,
                _ => {}
            }
        }
    }
    Ok(())
}

/// Buffers reused from element to element.
#[derive(Default)]
struct Scratch {
    refs: Vec<i64>,
    members: Vec<Member>,
}

/// The fields that nodes, ways and relations share.
#[derive(Default)]
struct Common<'a> {
    id: u64,
    keys: Packed<'a>,
    values: Packed<'a>,
    deleted: bool,
}

impl<'a> Common<'a> {
    fn take(&mut self, field: super::wire::Field<'a>) -> Result<(), WireError> {
        match field.tag {
            1 => self.id = field.number()?,
            2 => field.packed_into(&mut self.keys)?,
            3 => field.packed_into(&mut self.values)?,
            4 => {
                for info in Message(field.bytes()?) {
                    let info = info?;
                    self.deleted |= info.tag == 6 && info.number()? == 0;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn node(block: &Block<'_>, bytes: &[u8], into: &mut Collected) -> Result<(), WireError> {
    let mut common = Common::default();
    let (mut lat, mut lon) = (None, None);
    for field in Message(bytes) {
        let field = field?;
        match field.tag {
            8 => lat = Some(zigzag(field.number()?)),
            9 => lon = Some(zigzag(field.number()?)),
            _ => common.take(field)?,
        }
    }
    if common.deleted {
        into.tally.deleted += 1;
        return Ok(());
    }
    let id = zigzag(common.id);
    let tags = block.tags(common.keys, common.values, ("node", id), into)?;
    let place = lon.zip(lat).and_then(|(lon, lat)| block.place(lon, lat));
    into.node(id, place, Some(&tags));
    Ok(())
}

fn dense<'a>(block: &Block<'a>, bytes: &'a [u8], into: &mut Collected) -> Result<(), WireError> {
    let (mut ids, mut lats, mut lons, mut pairs, mut visible) =
        (Packed::default(), Packed::default(), Packed::default(), Packed::default(), Packed::default());
    for field in Message(bytes) {
        let field = field?;
        match field.tag {
            1 => field.packed_into(&mut ids)?,
            5 => {
                for info in Message(field.bytes()?) {
                    let info = info?;
                    if info.tag == 6 {
                        info.packed_into(&mut visible)?;
                    }
                }
            }
            8 => field.packed_into(&mut lats)?,
            9 => field.packed_into(&mut lons)?,
            10 => field.packed_into(&mut pairs)?,
            _ => {}
        }
    }
    into.nodes.reserve(ids.at_most().min(8_000));
    let (mut id, mut lat, mut lon) = (0_i64, 0_i64, 0_i64);
    while let Some(step) = ids.take_signed()? {
        let (Some(lat_step), Some(lon_step)) = (lats.take_signed()?, lons.take_signed()?) else {
            return Err(WireError::Ends);
        };
        id = id.wrapping_add(step);
        lat = lat.wrapping_add(lat_step);
        lon = lon.wrapping_add(lon_step);
        let deleted = visible.take()? == Some(0);
        let mut tags: Option<Tags<'a>> = None;
        while let Some(key) = pairs.take()? {
            if key == 0 {
                break;
            }
            let value = pairs.take()?.ok_or(WireError::Ends)?;
            block.tag(tags.get_or_insert_default(), key, value, ("node", id), into);
        }
        if deleted {
            into.tally.deleted += 1;
        } else {
            into.node(id, block.place(lon, lat), tags.as_ref());
        }
    }
    Ok(())
}

fn way(block: &Block<'_>, bytes: &[u8], scratch: &mut Scratch, into: &mut Collected) -> Result<(), WireError> {
    let mut common = Common::default();
    let (mut refs, mut lats, mut lons) = (Packed::default(), Packed::default(), Packed::default());
    for field in Message(bytes) {
        let field = field?;
        match field.tag {
            8 => field.packed_into(&mut refs)?,
            9 => field.packed_into(&mut lats)?,
            10 => field.packed_into(&mut lons)?,
            _ => common.take(field)?,
        }
    }
    if common.deleted {
        into.tally.deleted += 1;
        return Ok(());
    }
    let id = common.id as i64;
    scratch.refs.clear();
    let (mut node, mut lat, mut lon) = (0_i64, 0_i64, 0_i64);
    while let Some(step) = refs.take_signed()? {
        node = node.wrapping_add(step);
        scratch.refs.push(node);
        // Both are there for all nodes or for none: the feature "LocationsOnWays".
        if let (Some(lat_step), Some(lon_step)) = (lats.take_signed()?, lons.take_signed()?) {
            lat = lat.wrapping_add(lat_step);
            lon = lon.wrapping_add(lon_step);
            into.located.extend(block.place(lon, lat).map(|place| Node { id: node, place }));
        }
    }
    let tags = block.tags(common.keys, common.values, ("way", id), into)?;
    into.way(id, &tags, &scratch.refs);
    Ok(())
}

fn relation(block: &Block<'_>, bytes: &[u8], scratch: &mut Scratch, into: &mut Collected) -> Result<(), WireError> {
    let mut common = Common::default();
    let (mut roles, mut ids, mut types) = (Packed::default(), Packed::default(), Packed::default());
    for field in Message(bytes) {
        let field = field?;
        match field.tag {
            8 => field.packed_into(&mut roles)?,
            9 => field.packed_into(&mut ids)?,
            10 => field.packed_into(&mut types)?,
            _ => common.take(field)?,
        }
    }
    if common.deleted {
        into.tally.deleted += 1;
        return Ok(());
    }
    scratch.members.clear();
    let mut member = 0_i64;
    while let Some(step) = ids.take_signed()? {
        member = member.wrapping_add(step);
        let (Some(role), Some(kind)) = (roles.take()?, types.take()?) else { return Err(WireError::Ends) };
        if kind == 1 {
            let inner = usize::try_from(role).ok().and_then(|r| block.strings.get(r)) == Some(&&b"inner"[..]);
            scratch.members.push(Member { way: member, inner });
        }
    }
    let id = common.id as i64;
    let tags = block.tags(common.keys, common.values, ("relation", id), into)?;
    into.relation(id, &tags, &scratch.members);
    Ok(())
}
