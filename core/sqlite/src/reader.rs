//! Reading tables from end to end, out of bytes that nobody vouches for.
//!
//! No page is visited twice in one pass over a table, so that time and memory are bounded by the file's size whatever it says.

use thiserror::Error;

use crate::btree::{FILE_HEADER, local_length};
use crate::ddl::{self, Column, DdlError, TableDefinition};
use crate::record::{self, Encoding, RecordError, varint};
use crate::value::Value;

/// SQLite's own limit for columns.
const MOST_COLUMNS: usize = 32_767;
/// A tree of 2³² pages with two children each is no deeper.
const MOST_LEVELS: usize = 40;

/// Why a database could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The bytes do not begin as a SQLite 3 database does.
    #[error("not an SQLite 3 database")]
    NotADatabase,
    /// The file is shorter than it says.
    #[error("the database is cut short: {found} bytes of {expected}")]
    Truncated {
        /// Bytes that the header promises.
        expected: u64,
        /// Bytes that are there.
        found: u64,
    },
    /// A page contradicts the format.
    #[error("the database is damaged: page {page}: {what}")]
    Damaged {
        /// Number of the page, from 1.
        page: u32,
        /// What is wrong with it.
        what: &'static str,
    },
    /// There is no such table.
    #[error("there is no table {0:?}")]
    NoSuchTable(String),
    /// The table is `WITHOUT ROWID`, which is not read here.
    #[error("table {0:?} is WITHOUT ROWID, which is not read here")]
    WithoutRowid(String),
    /// The table's definition was not understood.
    #[error(transparent)]
    Definition(#[from] DdlError),
    /// A row's text is not valid in the file's encoding. The rows after it can still be read.
    #[error("table {table:?}, row {rowid}, column {column:?}: the text is not valid {encoding}")]
    Text {
        /// The table.
        table: String,
        /// The row's rowid.
        rowid: i64,
        /// The column.
        column: String,
        /// `UTF-8` or `UTF-16`.
        encoding: &'static str,
    },
}

/// A table of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its `CREATE TABLE` statement.
    pub sql: String,
    root: u32,
}

/// A database in memory.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    page_size: usize,
    usable: usize,
    pages: u32,
    encoding: Encoding,
    tables: Vec<Table>,
}

impl<'a> Reader<'a> {
    /// Reads the header and the list of tables.
    ///
    /// # Errors
    /// Where the bytes are no SQLite database, or one that is cut short or damaged in its schema.
    pub fn new(bytes: &'a [u8]) -> Result<Self, ReadError> {
        if !bytes.starts_with(b"SQLite format 3\0") {
            return Err(ReadError::NotADatabase);
        }
        let found = bytes.len() as u64;
        let header = bytes.get(..FILE_HEADER).ok_or(ReadError::Truncated { expected: FILE_HEADER as u64, found })?;
        let number = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let page_size = match u16::from_be_bytes([header[16], header[17]]) {
            1 => 65_536,
            size if size >= 512 && size.is_power_of_two() => usize::from(size),
            _ => return Err(ReadError::Damaged { page: 1, what: "page size" }),
        };
        let usable = page_size - usize::from(header[20]);
        if usable < 480 {
            return Err(ReadError::Damaged { page: 1, what: "reserved space" });
        }
        if header[19] > 2 {
            return Err(ReadError::Damaged { page: 1, what: "unknown file format version" });
        }
        let there = u32::try_from(bytes.len() / page_size).unwrap_or(u32::MAX);
        let said = if number(24) == number(92) { number(28) } else { 0 };
        if said > there || there == 0 {
            return Err(ReadError::Truncated { expected: u64::from(said.max(1)) * page_size as u64, found });
        }
        let encoding = match number(56) {
            0 | 1 => Encoding::Utf8,
            2 => Encoding::Utf16Le,
            3 => Encoding::Utf16Be,
            _ => return Err(ReadError::Damaged { page: 1, what: "unknown text encoding" }),
        };
        let pages = if said > 0 { said } else { there };
        let mut reader = Self { bytes, page_size, usable, pages, encoding, tables: Vec::new() };
        reader.tables = reader.schema()?;
        Ok(reader)
    }

    /// The application id in the header, `GPKG` in ASCII for a GeoPackage.
    pub fn application_id(&self) -> u32 {
        self.bytes.get(68..72).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes)
    }

    /// The user version in the header, 10300 for a GeoPackage 1.3.
    pub fn user_version(&self) -> u32 {
        self.bytes.get(60..64).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes)
    }

    /// The tables in the order of the schema: without virtual ones, but with SQLite's own (`sqlite_sequence`).
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// Whether there is such a table; names do not distinguish ASCII case.
    pub fn has_table(&self, table: &str) -> bool {
        self.find(table).is_some()
    }

    /// The columns of a table.
    ///
    /// # Errors
    /// Where there is no such table, or its definition is not understood.
    pub fn columns(&self, table: &str) -> Result<Vec<Column>, ReadError> {
        Ok(self.definition(table)?.1.columns)
    }

    /// The rows of a table in the order of their rowids, each with a value for every column.
    ///
    /// A row written before a column was added to its table has [`Value::Null`] there, whatever default the table declares.
    ///
    /// # Errors
    /// Where there is no such table, or its definition is not understood. Damage further on is an error from the iterator.
    pub fn rows(&self, table: &str) -> Result<Rows<'a>, ReadError> {
        let (root, definition) = self.definition(table)?;
        if definition.without_rowid {
            return Err(ReadError::WithoutRowid(definition.name));
        }
        Ok(Rows { walk: Walk::new(self, root), definition })
    }

    fn find(&self, table: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.name.eq_ignore_ascii_case(table))
    }

    fn definition(&self, table: &str) -> Result<(u32, TableDefinition), ReadError> {
        let table = self.find(table).ok_or_else(|| ReadError::NoSuchTable(table.to_owned()))?;
        Ok((table.root, ddl::parse(&table.sql)?))
    }

    fn schema(&self) -> Result<Vec<Table>, ReadError> {
        let mut tables = Vec::new();
        let mut walk = Walk::new(self, 1);
        while let Some((page, _, payload)) = walk.next_cell()? {
            let row = record::decode(&payload, 5, self.encoding)
                .map_err(|_| ReadError::Damaged { page, what: "schema row" })?;
            if let [Value::Text(kind), Value::Text(name), _, Value::Integer(root), Value::Text(sql)] = &row[..]
                && kind == "table"
                && let Ok(root) = u32::try_from(*root)
                && root > 0
            {
                tables.push(Table { name: name.clone(), sql: sql.clone(), root });
            }
        }
        Ok(tables)
    }

    fn page(&self, number: u32) -> Result<&'a [u8], ReadError> {
        if number == 0 || number > self.pages {
            return Err(ReadError::Damaged { page: number, what: "there is no such page" });
        }
        let start = (number as usize - 1) * self.page_size;
        Ok(&self.bytes[start..start + self.usable])
    }
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its rowid.
    pub rowid: i64,
    /// One value for each column of the table; the rowid stands in its alias.
    pub values: Vec<Value>,
}

/// The rows of a table. After [`ReadError::Text`] it goes on with the next row, after any other error it is at its end.
#[derive(Debug)]
pub struct Rows<'a> {
    walk: Walk<'a>,
    definition: TableDefinition,
}

impl Rows<'_> {
    /// The table's columns.
    pub fn columns(&self) -> &[Column] {
        &self.definition.columns
    }

    /// Where the column of that name stands in [`Row::values`]; names do not distinguish ASCII case.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.definition.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    }

    fn row(&mut self) -> Result<Option<Row>, ReadError> {
        let Some((page, rowid, payload)) = self.walk.next_cell()? else { return Ok(None) };
        let columns = &self.definition.columns;
        let stored = columns.iter().filter(|column| column.stored);
        let decoded = record::decode(&payload, stored.clone().count().min(MOST_COLUMNS), self.walk.reader.encoding);
        let found = match decoded {
            Ok(found) => found,
            Err(RecordError::Malformed) => return Err(ReadError::Damaged { page, what: "record" }),
            Err(RecordError::Text(at)) => {
                let column = stored.clone().nth(at).map(|column| column.name.clone()).unwrap_or_default();
                let encoding = if self.walk.reader.encoding == Encoding::Utf8 { "UTF-8" } else { "UTF-16" };
                return Err(ReadError::Text { table: self.definition.name.clone(), rowid, column, encoding });
            }
        };
        let mut found = found.into_iter();
        let mut values: Vec<Value> = columns
            .iter()
            .map(|column| if column.stored { found.next().unwrap_or_default() } else { Value::Null })
            .collect();
        if let Some(alias) = self.definition.rowid_alias {
            values[alias] = Value::Integer(rowid);
        }
        Ok(Some(Row { rowid, values }))
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.row();
        if let Err(error) = &row
            && !matches!(error, ReadError::Text { .. })
        {
            self.walk.stack.clear();
        }
        row.transpose()
    }
}

/// A walk over the cells of a table's tree.
#[derive(Debug)]
struct Walk<'a> {
    reader: Reader<'a>,
    /// Pages on the way down, each with the next cell to take.
    stack: Vec<(u32, usize)>,
    root: Option<u32>,
    visited: Vec<u64>,
}

impl<'a> Walk<'a> {
    fn new(reader: &Reader<'a>, root: u32) -> Self {
        let visited = vec![0; reader.pages as usize / 64 + 1];
        let Reader { bytes, page_size, usable, pages, encoding, .. } = *reader;
        let reader = Reader { bytes, page_size, usable, pages, encoding, tables: Vec::new() };
        Self { reader, stack: Vec::new(), root: Some(root), visited }
    }

    fn visit(&mut self, page: u32) -> Result<&'a [u8], ReadError> {
        let bytes = self.reader.page(page)?;
        let (word, bit) = (page as usize / 64, 1_u64 << (page % 64));
        if self.visited[word] & bit != 0 {
            return Err(ReadError::Damaged { page, what: "the page is used twice" });
        }
        self.visited[word] |= bit;
        Ok(bytes)
    }

    fn descend(&mut self, page: u32) -> Result<(), ReadError> {
        self.visit(page)?;
        if self.stack.len() >= MOST_LEVELS {
            return Err(ReadError::Damaged { page, what: "the tree is too deep" });
        }
        self.stack.push((page, 0));
        Ok(())
    }

    /// The next cell: its page, rowid and payload.
    fn next_cell(&mut self) -> Result<Option<(u32, i64, Vec<u8>)>, ReadError> {
        if let Some(root) = self.root.take() {
            self.descend(root)?;
        }
        while let Some(top) = self.stack.last_mut() {
            let (page, at) = *top;
            top.1 += 1;
            let bytes = self.reader.page(page)?;
            let damaged = |what| ReadError::Damaged { page, what };
            let start = if page == 1 { FILE_HEADER } else { 0 };
            let header = bytes.get(start..start + 12).ok_or_else(|| damaged("header"))?;
            let cells = usize::from(u16::from_be_bytes([header[3], header[4]]));
            let leaf = match header[0] {
                0x0d => true,
                0x05 => false,
                _ => return Err(damaged("not a table's page")),
            };
            if at == cells && !leaf {
                let right = u32::from_be_bytes([header[8], header[9], header[10], header[11]]);
                self.descend(right)?;
                continue;
            }
            if at >= cells {
                self.stack.pop();
                continue;
            }
            let pointer = start + if leaf { 8 } else { 12 } + 2 * at;
            let offset = bytes.get(pointer..pointer + 2).map(|b| usize::from(u16::from_be_bytes([b[0], b[1]])));
            let cell = offset.and_then(|offset| bytes.get(offset..)).ok_or_else(|| damaged("cell pointer"))?;
            if leaf {
                let (rowid, payload) = self.leaf_cell(page, cell)?;
                return Ok(Some((page, rowid, payload)));
            }
            let child = cell.first_chunk::<4>().ok_or_else(|| damaged("cell"))?;
            self.descend(u32::from_be_bytes(*child))?;
        }
        Ok(None)
    }

    fn leaf_cell(&mut self, page: u32, cell: &[u8]) -> Result<(i64, Vec<u8>), ReadError> {
        let damaged = |what| ReadError::Damaged { page, what };
        let (length, a) = varint(cell).ok_or_else(|| damaged("cell"))?;
        let (rowid, b) = varint(&cell[a..]).ok_or_else(|| damaged("cell"))?;
        let length = usize::try_from(length)
            .ok()
            .filter(|&length| length <= self.reader.bytes.len())
            .ok_or_else(|| damaged("payload length"))?;
        let usable = self.reader.usable;
        let local = local_length(length, usable, false);
        let rest = &cell[a + b..];
        let mut payload = rest.get(..local).ok_or_else(|| damaged("payload"))?.to_vec();
        if local < length {
            let next = rest
                .get(local..local + 4)
                .and_then(|b| b.try_into().ok())
                .ok_or_else(|| damaged("overflow pointer"))?;
            let mut next = u32::from_be_bytes(next);
            while payload.len() < length {
                let bytes = self.visit(next)?;
                let take = (length - payload.len()).min(usable - 4);
                payload.extend_from_slice(&bytes[4..4 + take]);
                next = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            }
        }
        Ok((rowid as i64, payload))
    }
}
