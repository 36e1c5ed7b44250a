//! B-trees built from the bottom up, since all rows are known: full pages, no free list, one layout for one input.

use crate::record::put_varint;

/// Bytes of a page.
pub(crate) const PAGE: usize = 4096;
/// Bytes of the file header, in front of the first page's own header.
pub(crate) const FILE_HEADER: usize = 100;
/// SQLite never uses the page that holds byte 2³⁰, where it puts its locks.
const LOCK_PAGE: usize = (1 << 30) / PAGE + 1;

/// The pages of a file that is being written. The first one is there from the start: it holds the schema's root.
pub(crate) struct Pages {
    bytes: Vec<u8>,
}

impl Pages {
    pub(crate) fn new() -> Self {
        Self { bytes: vec![0; PAGE] }
    }

    pub(crate) fn count(&self) -> usize {
        self.bytes.len() / PAGE
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// A new page's number, from 1.
    fn add(&mut self) -> usize {
        if self.count() + 1 == LOCK_PAGE {
            self.bytes.resize(self.bytes.len() + PAGE, 0);
        }
        self.bytes.resize(self.bytes.len() + PAGE, 0);
        self.count()
    }

    fn page(&mut self, number: usize) -> &mut [u8] {
        &mut self.bytes[(number - 1) * PAGE..number * PAGE]
    }

    /// Appends what of `payload` belongs into its cell, the last of `cells`, and the number of the overflow page that holds the rest.
    fn put_payload(&mut self, cells: &mut Vec<u8>, payload: &[u8], index: bool) {
        let local = local_length(payload.len(), PAGE, index);
        cells.extend_from_slice(&payload[..local]);
        let mut chunks = payload[local..].chunks(PAGE - 4).peekable();
        if chunks.peek().is_none() {
            return;
        }
        let mut number = self.add();
        cells.extend_from_slice(&(number as u32).to_be_bytes());
        while let Some(chunk) = chunks.next() {
            self.page(number)[4..4 + chunk.len()].copy_from_slice(chunk);
            if chunks.peek().is_some() {
                let next = self.add();
                self.page(number)[..4].copy_from_slice(&(next as u32).to_be_bytes());
                number = next;
            }
        }
    }

    /// Writes one b-tree page. `children` is empty for a leaf, else one longer than `cells`.
    fn put_page(&mut self, number: usize, index: bool, cells: &[&[u8]], children: &[usize]) {
        let start = if number == 1 { FILE_HEADER } else { 0 };
        let leaf = children.is_empty();
        let kind = match (index, leaf) {
            (true, false) => 0x02,
            (false, false) => 0x05,
            (true, true) => 0x0a,
            (false, true) => 0x0d,
        };
        let page = self.page(number);
        let mut pointer = start + header_length(leaf);
        let mut content = PAGE;
        for (at, cell) in cells.iter().enumerate() {
            content -= cell.len() + if leaf { 0 } else { 4 };
            let mut to = content;
            if !leaf {
                page[to..to + 4].copy_from_slice(&(children[at] as u32).to_be_bytes());
                to += 4;
            }
            page[to..to + cell.len()].copy_from_slice(cell);
            page[pointer..pointer + 2].copy_from_slice(&(content as u16).to_be_bytes());
            pointer += 2;
        }
        page[start] = kind;
        page[start + 3..start + 5].copy_from_slice(&(cells.len() as u16).to_be_bytes());
        page[start + 5..start + 7].copy_from_slice(&(content as u16).to_be_bytes());
        if let Some(last) = children.last() {
            page[start + 8..start + 12].copy_from_slice(&(*last as u32).to_be_bytes());
        }
    }

    /// Builds a table from rowids in rising order and their records; the root's page number. The root is page 1 where `is_schema`.
    pub(crate) fn table(&mut self, rows: Vec<(i64, &[u8])>, is_schema: bool) -> usize {
        let mut bytes = Vec::with_capacity(rows.iter().map(|(_, record)| record.len().min(PAGE) + 12).sum());
        let mut ends = Vec::with_capacity(rows.len());
        for (rowid, record) in &rows {
            put_varint(&mut bytes, record.len() as u64);
            put_varint(&mut bytes, *rowid as u64);
            self.put_payload(&mut bytes, record, false);
            ends.push(bytes.len());
        }
        let cells = slices(&bytes, &ends);
        if fits(&cells, true, is_schema) {
            return self.root(false, &cells, &[], is_schema);
        }
        let mut children = Vec::new();
        let mut separators = Vec::new();
        let mut from = 0;
        while from < cells.len() {
            let to = from + full(&cells[from..], true);
            let number = self.add();
            self.put_page(number, false, &cells[from..to], &[]);
            if from > 0 {
                separators.push(rowid_cell(rows[from - 1].0));
            }
            children.push(number);
            from = to;
        }
        self.upper_levels(false, separators.iter().map(Vec::as_slice).collect(), children, is_schema)
    }

    /// Builds an index from records in rising order; the root's page number.
    pub(crate) fn index(&mut self, records: &[Vec<u8>]) -> usize {
        let (mut bytes, mut ends) = (Vec::new(), Vec::with_capacity(records.len()));
        for record in records {
            put_varint(&mut bytes, record.len() as u64);
            self.put_payload(&mut bytes, record, true);
            ends.push(bytes.len());
        }
        let cells = slices(&bytes, &ends);
        if fits(&cells, true, false) {
            return self.root(true, &cells, &[], false);
        }
        let (separators, children) = self.level(true, &cells, &[]);
        self.upper_levels(true, separators, children, false)
    }

    fn root(&mut self, index: bool, cells: &[&[u8]], children: &[usize], is_schema: bool) -> usize {
        let number = if is_schema { 1 } else { self.add() };
        self.put_page(number, index, cells, children);
        number
    }

    fn upper_levels(&mut self, index: bool, mut cells: Vec<&[u8]>, mut children: Vec<usize>, is_schema: bool) -> usize {
        while !fits(&cells, false, is_schema) {
            (cells, children) = self.level(index, &cells, &children);
        }
        self.root(index, &cells, &children, is_schema)
    }

    /// Writes one level in which a cell between two pages moves up: interior pages, and an index's leaves.
    fn level<'c>(&mut self, index: bool, cells: &[&'c [u8]], children: &[usize]) -> (Vec<&'c [u8]>, Vec<usize>) {
        let leaf = children.is_empty();
        let (mut up, mut pages) = (Vec::new(), Vec::new());
        let mut from = 0;
        loop {
            let mut to = from + full(&cells[from..], leaf);
            // The last page must not be empty: SQLite takes that for damage.
            if to + 1 == cells.len() {
                to -= 1;
            }
            let number = self.add();
            let below = if leaf { &[][..] } else { &children[from..=to] };
            self.put_page(number, index, &cells[from..to], below);
            pages.push(number);
            match cells.get(to) {
                Some(&cell) => up.push(cell),
                None => return (up, pages),
            }
            from = to + 1;
        }
    }
}

/// The pieces of `bytes` that end at `ends`.
fn slices<'b>(bytes: &'b [u8], ends: &[usize]) -> Vec<&'b [u8]> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends).map(|(start, &end)| &bytes[start..end]).collect()
}

fn rowid_cell(rowid: i64) -> Vec<u8> {
    let mut cell = Vec::with_capacity(9);
    put_varint(&mut cell, rowid as u64);
    cell
}

const fn header_length(leaf: bool) -> usize {
    if leaf { 8 } else { 12 }
}

/// Whether all cells fit into the root page.
fn fits(cells: &[&[u8]], leaf: bool, is_schema: bool) -> bool {
    let free = PAGE - header_length(leaf) - if is_schema { FILE_HEADER } else { 0 };
    let each = 2 + if leaf { 0 } else { 4 };
    let mut used = 0;
    cells.iter().all(|cell| {
        used += cell.len() + each;
        used <= free
    })
}

/// How many cells from the front fill a page; at least one.
fn full(cells: &[&[u8]], leaf: bool) -> usize {
    let free = PAGE - header_length(leaf);
    let each = 2 + if leaf { 0 } else { 4 };
    let mut used = 0;
    let count = cells
        .iter()
        .take_while(|cell| {
            used += cell.len() + each;
            used <= free
        })
        .count();
    count.max(1).min(cells.len())
}

/// How many bytes of a payload lie in its cell; the rest is on overflow pages. `usable` ≥ 480 is a page without its reserved end.
pub(crate) fn local_length(payload: usize, usable: usize, index: bool) -> usize {
    let most = if index { (usable - 12) * 64 / 255 - 23 } else { usable - 35 };
    if payload <= most {
        return payload;
    }
    let least = (usable - 12) * 32 / 255 - 23;
    let kept = least + (payload - least) % (usable - 4);
    if kept <= most { kept } else { least }
}
