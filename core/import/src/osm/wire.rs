//! Protocol-buffer wire format, borrowed from the bytes: no message is built, so nothing a file says makes us allocate.

/// What is wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum WireError {
    #[error("the data ends inside a field")]
    Ends,
    #[error("a number has more than ten bytes")]
    LongNumber,
    #[error("wire type {0} is not known")]
    WireType(u8),
    #[error("field {0} is of another type than the format says")]
    FieldType(u32),
    #[error("a packed field comes in several parts, which this reader does not join")]
    Parts,
}

/// A field's value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    /// Fixed-width fields, which OSM's messages do not use.
    Fixed,
}

/// A field with its number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) tag: u32,
    value: Value<'a>,
}

impl<'a> Field<'a> {
    pub(super) fn number(self) -> Result<u64, WireError> {
        match self.value {
            Value::Number(number) => Ok(number),
            _ => Err(WireError::FieldType(self.tag)),
        }
    }

    pub(super) fn bytes(self) -> Result<&'a [u8], WireError> {
        match self.value {
            Value::Bytes(bytes) => Ok(bytes),
            _ => Err(WireError::FieldType(self.tag)),
        }
    }

    /// Puts a packed field where there was none.
    pub(super) fn packed_into(self, slot: &mut Packed<'a>) -> Result<(), WireError> {
        let bytes = self.bytes()?;
        if !slot.0.is_empty() && !bytes.is_empty() {
            return Err(WireError::Parts);
        }
        if !bytes.is_empty() {
            slot.0 = bytes;
        }
        Ok(())
    }
}

/// The fields of a message, in their order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'a>(pub(super) &'a [u8]);

impl<'a> Iterator for Message<'a> {
    type Item = Result<Field<'a>, WireError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_err() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Message<'a> {
    #[inline]
    fn field(&mut self) -> Result<Field<'a>, WireError> {
        let key = varint(&mut self.0)?;
        let tag = (key >> 3) as u32;
        let value = match (key & 7) as u8 {
            0 => Value::Number(varint(&mut self.0)?),
            1 => self.take(8).map(|_| Value::Fixed)?,
            2 => {
                let length = varint(&mut self.0)?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Fixed)?,
            other => return Err(WireError::WireType(other)),
        };
        Ok(Field { tag, value })
    }

    #[inline]
    fn take(&mut self, length: u64) -> Result<&'a [u8], WireError> {
        let length = usize::try_from(length).map_err(|_| WireError::Ends)?;
        let (head, tail) = self.0.split_at_checked(length).ok_or(WireError::Ends)?;
        self.0 = tail;
        Ok(head)
    }
}

/// The numbers of a packed field.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Packed<'a>(&'a [u8]);

impl Packed<'_> {
    /// The next number, or none at the end.
    #[inline]
    pub(super) fn take(&mut self) -> Result<Option<u64>, WireError> {
        if self.0.is_empty() { Ok(None) } else { varint(&mut self.0).map(Some) }
    }

    /// The next zigzag-coded number.
    #[inline]
    pub(super) fn take_signed(&mut self) -> Result<Option<i64>, WireError> {
        Ok(self.take()?.map(zigzag))
    }

    /// A number of elements that cannot be exceeded.
    pub(super) fn at_most(&self) -> usize {
        self.0.len()
    }
}

/// The signed number behind its zigzag code.
#[inline]
pub(super) fn zigzag(code: u64) -> i64 {
    (code >> 1) as i64 ^ -((code & 1) as i64)
}

#[inline]
fn varint(bytes: &mut &[u8]) -> Result<u64, WireError> {
    match *bytes {
        [a, rest @ ..] if *a < 0x80 => {
            *bytes = rest;
            Ok(u64::from(*a))
        }
        [a, b, rest @ ..] if *b < 0x80 => {
            *bytes = rest;
            Ok(u64::from(*a & 0x7f) | u64::from(*b) << 7)
        }
        _ => long_varint(bytes),
    }
}

fn long_varint(bytes: &mut &[u8]) -> Result<u64, WireError> {
    let mut number = 0_u64;
    for (at, &byte) in bytes.iter().enumerate() {
        if at == 10 {
            return Err(WireError::LongNumber);
        }
        number |= u64::from(byte & 0x7f) << (7 * at);
        if byte < 0x80 {
            *bytes = &bytes[at + 1..];
            return Ok(number);
        }
    }
    Err(WireError::Ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (bytes, expected) in [
            (&[0x00][..], Ok(0)),
            (&[0x96, 0x01], Ok(150)),
            (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], Ok(u64::MAX)),
            (&[0x80], Err(WireError::Ends)),
            (&[0x80; 11], Err(WireError::LongNumber)),
        ] {
            assert_eq!(varint(&mut &bytes[..]), expected, "{bytes:?}");
        }
        assert_eq!([0, 1, 2, 3, u64::MAX].map(zigzag), [0, -1, 1, -2, i64::MIN]);
    }

    #[test]
    fn a_length_beyond_the_end_is_an_error() {
        let mut message = Message(&[0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2]);
        assert_eq!(message.next().unwrap().unwrap_err(), WireError::Ends);
        assert!(message.next().is_none());
    }
}
