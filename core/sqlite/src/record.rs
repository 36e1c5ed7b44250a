//! Records: how a row's values lie in a cell, and the variable-length integers they are described with.

use crate::value::Value;

/// Appends `number` as a SQLite varint: 1 to 9 bytes, big-endian, seven bits each, eight in the ninth.
pub(crate) fn put_varint(out: &mut Vec<u8>, number: u64) {
    if number >> 56 != 0 {
        for group in (0..8).rev() {
            out.push(0x80 | (number >> (8 + 7 * group)) as u8);
        }
        out.push(number as u8);
        return;
    }
    let groups = (64 - number.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let more = if group > 0 { 0x80 } else { 0 };
        out.push(more | (number >> (7 * group)) as u8 & 0x7f);
    }
}

/// Reads a varint at the front of `bytes`: the number and how many bytes it took.
pub(crate) fn varint(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut number = 0_u64;
    for (position, &byte) in bytes.iter().take(8).enumerate() {
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, position + 1));
        }
    }
    let last = *bytes.get(8)?;
    Some((number << 8 | u64::from(last), 9))
}

/// A record of `values`.
pub(crate) fn encode(values: &[Value]) -> Vec<u8> {
    let mut record = Vec::new();
    Encoder::default().append(values, &mut record);
    record
}

/// Encodes records one after the other, in memory that is used again.
#[derive(Debug, Default)]
pub(crate) struct Encoder {
    types: Vec<u8>,
    body: Vec<u8>,
}

impl Encoder {
    /// Appends the record of `values`.
    pub(crate) fn append(&mut self, values: &[Value], record: &mut Vec<u8>) {
        self.types.clear();
        self.body.clear();
        put_values(values, &mut self.types, &mut self.body);
        // The header's length counts its own varint.
        let length = self.types.len() + if self.types.len() + 1 < 0x80 { 1 } else { 2 };
        put_varint(record, length as u64);
        record.extend_from_slice(&self.types);
        record.extend_from_slice(&self.body);
    }
}

fn put_values(values: &[Value], types: &mut Vec<u8>, body: &mut Vec<u8>) {
    for value in values {
        match value {
            Value::Null => types.push(0),
            Value::Integer(number) => put_integer(*number, types, body),
            Value::Real(number) if number.is_nan() => types.push(0),
            Value::Real(number) => {
                types.push(7);
                body.extend_from_slice(&number.to_be_bytes());
            }
            Value::Text(text) => {
                put_varint(types, text.len() as u64 * 2 + 13);
                body.extend_from_slice(text.as_bytes());
            }
            Value::Blob(bytes) => {
                put_varint(types, bytes.len() as u64 * 2 + 12);
                body.extend_from_slice(bytes);
            }
        }
    }
}

fn put_integer(number: i64, types: &mut Vec<u8>, body: &mut Vec<u8>) {
    let bits = 65 - if number < 0 { number.leading_ones() } else { number.leading_zeros() };
    let (kind, width) = match (number, bits) {
        (0, _) => (8, 0),
        (1, _) => (9, 0),
        (_, 0..=8) => (1, 1),
        (_, 9..=16) => (2, 2),
        (_, 17..=24) => (3, 3),
        (_, 25..=32) => (4, 4),
        (_, 33..=48) => (5, 6),
        _ => (6, 8),
    };
    types.push(kind);
    body.extend_from_slice(&number.to_be_bytes()[8 - width..]);
}

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordError {
    /// The header or a value runs past the end, or a type is one that SQLite reserves.
    Malformed,
    /// Text in field `.0` is not in the file's encoding.
    Text(usize),
}

/// How text is encoded in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

/// The first `limit` values of a record.
pub(crate) fn decode(record: &[u8], limit: usize, encoding: Encoding) -> Result<Vec<Value>, RecordError> {
    use RecordError::Malformed;
    let (header, mut at) = varint(record).ok_or(Malformed)?;
    let header = usize::try_from(header).ok().filter(|&h| h <= record.len() && h >= at).ok_or(Malformed)?;
    let mut rest = &record[header..];
    let mut values = Vec::with_capacity((header - at).min(limit));
    while at < header && values.len() < limit {
        let (kind, width) = varint(&record[at..header]).ok_or(Malformed)?;
        at += width;
        let length = match kind {
            0 | 8 | 9 => 0,
            1..=4 => kind as usize,
            5 => 6,
            6 | 7 => 8,
            10 | 11 => return Err(Malformed),
            _ => usize::try_from((kind - 12) / 2).map_err(|_| Malformed)?,
        };
        let (bytes, after) = rest.split_at_checked(length).ok_or(Malformed)?;
        rest = after;
        values.push(match kind {
            0 => Value::Null,
            8 => Value::Integer(0),
            9 => Value::Integer(1),
            1..=6 => Value::Integer(signed(bytes)),
            7 => Value::Real(f64::from_bits(signed(bytes) as u64)),
            _ if kind % 2 == 0 => Value::Blob(bytes.to_vec()),
            _ => Value::Text(text(bytes, encoding).ok_or(RecordError::Text(values.len()))?),
        });
    }
    Ok(values)
}

fn signed(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    let start = if negative { -1 } else { 0 };
    bytes.iter().fold(start, |number, &byte| number << 8 | i64::from(byte))
}

fn text(bytes: &[u8], encoding: Encoding) -> Option<String> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    match encoding {
        Encoding::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
        _ if !odd.is_empty() => None,
        Encoding::Utf16Le => {
            char::decode_utf16(pairs.iter().map(|&pair| u16::from_le_bytes(pair))).collect::<Result<_, _>>().ok()
        }
        Encoding::Utf16Be => {
            char::decode_utf16(pairs.iter().map(|&pair| u16::from_be_bytes(pair))).collect::<Result<_, _>>().ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn varints_come_back(number: u64, shift in 0_u32..64) {
            let number = number >> shift;
            let mut bytes = Vec::new();
            put_varint(&mut bytes, number);
            prop_assert_eq!(varint(&bytes), Some((number, bytes.len())));
            prop_assert_eq!(varint(&bytes[..bytes.len() - 1]), None);
        }

        #[test]
        fn integers_come_back(number: i64, shift in 0_u32..64) {
            let values = [Value::Integer(number >> shift)];
            prop_assert_eq!(decode(&encode(&values), 9, Encoding::Utf8).unwrap(), values);
        }

        #[test]
        fn any_bytes_are_a_record_or_an_error(bytes: Vec<u8>, encoding in 0..3) {
            let encoding = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be][encoding as usize];
            let _ = decode(&bytes, 100, encoding);
        }
    }

    #[test]
    fn widths_are_the_least() {
        for (number, bytes) in
            [(0, 0), (1, 0), (2, 1), (-1, 1), (127, 1), (-128, 1), (128, 2), (1 << 23, 4), (1 << 40, 6), (i64::MIN, 8)]
        {
            assert_eq!(encode(&[Value::Integer(number)]).len(), 2 + bytes, "{number}");
        }
    }

    #[test]
    fn a_wide_header_counts_itself() {
        let values = vec![Value::Integer(7); 200];
        assert_eq!(decode(&encode(&values), 1_000, Encoding::Utf8).unwrap(), values);
    }
}
