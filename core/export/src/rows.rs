//! Rows of comma-separated values (RFC 4180), written straight into one buffer: no allocation for a cell.

/// A table under construction, or a part of one.
#[derive(Default)]
pub struct Rows {
    bytes: Vec<u8>,
    digits: itoa::Buffer,
    /// Whether the row has a cell already.
    begun: bool,
}

impl Rows {
    /// Adds text as a cell, in quotes where it holds a comma, a quote or the end of a line.
    pub fn text(&mut self, cell: &str) {
        self.separate();
        if !cell.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
            self.bytes.extend_from_slice(cell.as_bytes());
            return;
        }
        self.bytes.push(b'"');
        for &byte in cell.as_bytes() {
            if byte == b'"' {
                self.bytes.push(b'"');
            }
            self.bytes.push(byte);
        }
        self.bytes.push(b'"');
    }

    /// Adds a whole number as a cell.
    pub fn number(&mut self, number: impl itoa::Integer) {
        self.separate();
        self.bytes.extend_from_slice(self.digits.format(number).as_bytes());
    }

    /// Adds a cell of whole numbers with a space between them.
    pub fn numbers(&mut self, numbers: impl IntoIterator<Item = i32>) {
        self.separate();
        for (at, number) in numbers.into_iter().enumerate() {
            if at > 0 {
                self.bytes.push(b' ');
            }
            self.bytes.extend_from_slice(self.digits.format(number).as_bytes());
        }
    }

    /// Adds a number as a cell, counted in units of which `10^decimals` are one: 1234 with 2 decimals is `12.34`.
    pub fn decimal(&mut self, units: u64, decimals: u32) {
        self.separate();
        let one = 10_u64.pow(decimals);
        self.bytes.extend_from_slice(self.digits.format(units / one).as_bytes());
        self.bytes.push(b'.');
        let fraction = self.digits.format(units % one + one);
        self.bytes.extend_from_slice(&fraction.as_bytes()[1..]);
    }

    /// Adds cells that hold nothing.
    pub fn nothing(&mut self, cells: usize) {
        (0..cells).for_each(|_| self.separate());
    }

    /// Adds finished cells, as [`Rows::take`] gives them, to the row.
    pub fn cells(&mut self, cells: &[u8]) {
        self.separate();
        self.bytes.extend_from_slice(cells);
    }

    /// Ends the row.
    pub fn end(&mut self) {
        self.bytes.push(b'\n');
        self.begun = false;
    }

    /// How many bytes there are.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether there is nothing yet.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// What is written so far.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets what is written so far and keeps its memory; the row goes on.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// The bytes.
    pub fn take(&mut self) -> Vec<u8> {
        self.begun = false;
        std::mem::take(&mut self.bytes)
    }

    fn separate(&mut self) {
        if std::mem::replace(&mut self.begun, true) {
            self.bytes.push(b',');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The bytes are those that the `csv` crate writes, which reads them back elsewhere.
        #[test]
        fn rows_are_what_csv_writes(rows in prop::collection::vec(prop::collection::vec("[a,\"\\n\\rø ]{0,6}", 3), 0..6),
            number: u64, signed: i32, units: u64) {
            let mut ours = Rows::default();
            let mut theirs = csv::Writer::from_writer(Vec::new());
            for row in &rows {
                row.iter().for_each(|cell| ours.text(cell));
                ours.number(number);
                ours.numbers([signed, -1]);
                ours.decimal(units, 3);
                ours.nothing(2);
                ours.end();
                let numbers = [number.to_string(), format!("{signed} -1"),
                    format!("{}.{:03}", units / 1000, units % 1000), String::new(), String::new()];
                theirs.write_record(row.iter().chain(&numbers)).unwrap();
            }
            prop_assert_eq!(ours.take(), theirs.into_inner().unwrap());
        }
    }
}
