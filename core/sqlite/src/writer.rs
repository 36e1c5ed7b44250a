//! Writing a whole database at once.

use std::cmp::Ordering;

use thiserror::Error;

use crate::btree::{PAGE, Pages};
use crate::ddl::{self, DdlError, TableDefinition};
use crate::record::{Encoder, encode};
use crate::value::Value;

/// The SQLite version that the file names as its writer; any reader of format 4 takes it.
const SQLITE_VERSION: u32 = 3_040_001;

/// Why a database could not be written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WriteError {
    /// A table's definition was not understood.
    #[error(transparent)]
    Definition(#[from] DdlError),
    /// A table uses something that is not written here (`WITHOUT ROWID`, generated columns, a collation in a key).
    #[error("table {0:?} needs a part of SQLite that is not written here")]
    Unsupported(String),
    /// Two tables have the same name.
    #[error("there are two tables {0:?}")]
    DuplicateTable(String),
    /// A row's values do not match the columns.
    #[error("a row of table {table:?} has {found} values for {expected} columns")]
    ColumnCount {
        /// The table.
        table: String,
        /// Columns of the table.
        expected: usize,
        /// Values of the row.
        found: usize,
    },
    /// A column that is declared NOT NULL got no value.
    #[error("column {column:?} of table {table:?} needs a value")]
    MissingValue {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// The rowid alias got something else than an integer.
    #[error("the primary key of table {0:?} takes integers only")]
    KeyNotInteger(String),
    /// Two rows agree in a key.
    #[error("two rows of table {table:?} agree in the key ({columns})")]
    DuplicateKey {
        /// The table.
        table: String,
        /// The key's columns.
        columns: String,
    },
    /// The file would be larger than SQLite's page numbers reach.
    #[error("the database is too large")]
    TooLarge,
}

/// Which table of a [`Database`] is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TableId(usize);

#[derive(Debug)]
struct TableContent {
    definition: TableDefinition,
    sql: String,
    /// The rows' records, one after the other.
    records: Vec<u8>,
    /// Each row's number and where its record ends.
    ends: Vec<(i64, usize)>,
    /// The rows as they are, for the indexes: none where the table has no index.
    keyed: Vec<(i64, Vec<Value>)>,
    next_rowid: i64,
}

/// A database under construction. Equal calls give equal bytes: no clock, no free pages, tables in the order of their creation.
#[derive(Debug)]
pub struct Database {
    application_id: u32,
    user_version: u32,
    tables: Vec<TableContent>,
    /// Rows of the schema that have no pages of their own: kind, name, table and statement.
    rootless: Vec<[String; 4]>,
    encoder: Encoder,
}

impl Database {
    /// An empty database with the two numbers that tell what the file is for (`PRAGMA application_id`, `PRAGMA user_version`).
    pub fn new(application_id: u32, user_version: u32) -> Self {
        let (tables, rootless) = (Vec::new(), Vec::new());
        Self { application_id, user_version, tables, rootless, encoder: Encoder::default() }
    }

    /// Adds a table, whose name and columns are read from `sql`. Its PRIMARY KEY and UNIQUE constraints get their automatic indexes.
    ///
    /// # Errors
    /// Where the statement is not understood or uses a part of SQLite that is not written here, or the name is taken.
    pub fn create_table(&mut self, sql: &str) -> Result<TableId, WriteError> {
        let definition = ddl::parse(sql)?;
        let ordered_key = definition.special_order && !definition.unique.is_empty();
        if definition.without_rowid || ordered_key || definition.columns.iter().any(|column| !column.stored) {
            return Err(WriteError::Unsupported(definition.name));
        }
        if self.tables.iter().any(|table| table.definition.name.eq_ignore_ascii_case(&definition.name)) {
            return Err(WriteError::DuplicateTable(definition.name));
        }
        self.tables.push(TableContent {
            definition,
            sql: sql.to_owned(),
            records: Vec::new(),
            ends: Vec::new(),
            keyed: Vec::new(),
            next_rowid: 1,
        });
        Ok(TableId(self.tables.len() - 1))
    }

    /// Adds a virtual table to the schema; whoever calls this adds the tables that hold its content too.
    pub(crate) fn create_virtual_table(&mut self, name: &str, sql: &str) {
        self.rootless.push(["table", name, name, sql].map(str::to_owned));
    }

    /// Adds a trigger on `table`. Nothing of it is run here: it is for those who change the file later.
    pub(crate) fn create_trigger(&mut self, name: &str, table: &str, sql: &str) {
        self.rootless.push(["trigger", name, table, sql].map(str::to_owned));
    }

    /// Adds a row, a value for each column. A [`Value::Null`] in the INTEGER PRIMARY KEY takes the next number; the rowid is returned.
    ///
    /// # Errors
    /// Where the values do not match the columns. Doubled keys are found by [`Database::into_bytes`].
    pub fn insert(&mut self, table: TableId, mut row: Vec<Value>) -> Result<i64, WriteError> {
        let content = &mut self.tables[table.0];
        let definition = &content.definition;
        if row.len() != definition.columns.len() {
            return Err(WriteError::ColumnCount {
                table: definition.name.clone(),
                expected: definition.columns.len(),
                found: row.len(),
            });
        }
        let rowid = match definition.rowid_alias.map(|alias| std::mem::take(&mut row[alias])) {
            None | Some(Value::Null) => content.next_rowid,
            Some(Value::Integer(rowid)) => rowid,
            Some(_) => return Err(WriteError::KeyNotInteger(definition.name.clone())),
        };
        for (at, (value, column)) in row.iter().zip(&definition.columns).enumerate() {
            let missing = matches!(value, Value::Null) || matches!(value, Value::Real(number) if number.is_nan());
            if missing && column.not_null && definition.rowid_alias != Some(at) {
                return Err(WriteError::MissingValue { table: definition.name.clone(), column: column.name.clone() });
            }
        }
        content.next_rowid = content.next_rowid.max(rowid.saturating_add(1));
        self.encoder.append(&row, &mut content.records);
        content.ends.push((rowid, content.records.len()));
        if !content.definition.unique.is_empty() {
            content.keyed.push((rowid, row));
        }
        Ok(rowid)
    }

    /// The file.
    ///
    /// # Errors
    /// Where two rows agree in a key, or the file would be larger than the format allows.
    pub fn into_bytes(mut self) -> Result<Vec<u8>, WriteError> {
        self.add_sequences()?;
        let mut pages = Pages::new();
        let mut schema = Vec::new();
        for table in &mut self.tables {
            table.write(&mut pages, &mut schema)?;
        }
        // Behind the tables: a trigger is read when its table is known.
        schema.extend(self.rootless.iter().map(|[kind, name, table, sql]| {
            vec![
                kind.as_str().into(),
                name.as_str().into(),
                table.as_str().into(),
                Value::Integer(0),
                sql.as_str().into(),
            ]
        }));
        let schema: Vec<_> = schema.iter().map(|row| encode(row)).collect();
        pages.table((1..).zip(schema.iter().map(Vec::as_slice)).collect(), true);
        let count = u32::try_from(pages.count()).map_err(|_| WriteError::TooLarge)?;
        let mut bytes = pages.into_bytes();
        self.put_header(&mut bytes, count);
        Ok(bytes)
    }

    /// `sqlite_sequence`, which SQLite needs beside AUTOINCREMENT.
    fn add_sequences(&mut self) -> Result<(), WriteError> {
        let rows: Vec<(String, i64)> = self
            .tables
            .iter()
            .filter(|table| table.definition.autoincrement && !table.ends.is_empty())
            .map(|table| (table.definition.name.clone(), table.next_rowid - 1))
            .collect();
        if self.tables.iter().any(|table| table.definition.autoincrement) {
            let sequence = self.create_table("CREATE TABLE sqlite_sequence(name,seq)")?;
            for (name, last) in rows {
                self.insert(sequence, vec![name.into(), last.into()])?;
            }
        }
        Ok(())
    }

    fn put_header(&self, bytes: &mut [u8], pages: u32) {
        let mut put = |at: usize, number: u32| bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
        put(24, 1); // change counter
        put(28, pages);
        put(40, 1); // schema cookie
        put(44, 4); // schema format
        put(56, 1); // UTF-8
        put(60, self.user_version);
        put(68, self.application_id);
        put(92, 1); // the change counter for which the page count is right
        put(96, SQLITE_VERSION);
        bytes[..16].copy_from_slice(b"SQLite format 3\0");
        bytes[16..18].copy_from_slice(&(PAGE as u16).to_be_bytes());
        bytes[18..24].copy_from_slice(&[1, 1, 0, 64, 32, 32]);
    }
}

impl TableContent {
    fn write(&mut self, pages: &mut Pages, schema: &mut Vec<Vec<Value>>) -> Result<(), WriteError> {
        let name = &self.definition.name;
        let starts = std::iter::once(0).chain(self.ends.iter().map(|row| row.1));
        let mut rows: Vec<(i64, &[u8])> =
            self.ends.iter().zip(starts).map(|(&(rowid, end), start)| (rowid, &self.records[start..end])).collect();
        rows.sort_by_key(|row| row.0);
        if rows.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            return Err(WriteError::DuplicateKey { table: name.clone(), columns: "rowid".to_owned() });
        }
        let root = pages.table(rows, false);
        self.keyed.sort_by_key(|row| row.0);
        let row = |kind: &str, own: &str, root: usize, sql: Value| {
            vec![kind.into(), own.into(), name.as_str().into(), Value::Integer(root as i64), sql]
        };
        schema.push(row("table", name, root, self.sql.as_str().into()));
        for (number, columns) in (1..).zip(&self.definition.unique) {
            let root = pages.index(&self.index_records(columns)?);
            schema.push(row("index", &format!("sqlite_autoindex_{name}_{number}"), root, Value::Null));
        }
        Ok(())
    }

    /// The key's values and the rowid of each row, in the order of the index.
    fn index_records(&self, columns: &[usize]) -> Result<Vec<Vec<u8>>, WriteError> {
        let key = |at: usize, (rowid, row): &(i64, Vec<Value>)| {
            if self.definition.rowid_alias == Some(at) { Value::Integer(*rowid) } else { row[at].clone() }
        };
        let mut keys: Vec<Vec<Value>> = self
            .keyed
            .iter()
            .map(|row| columns.iter().map(|&at| key(at, row)).chain([Value::Integer(row.0)]).collect())
            .collect();
        let order = |a: &[Value], b: &[Value]| {
            a.iter().zip(b).map(|(a, b)| a.order(b)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
        };
        keys.sort_by(|a, b| order(a, b));
        for pair in keys.windows(2) {
            let (a, b) = (&pair[0][..columns.len()], &pair[1][..columns.len()]);
            // Nothing is unlike nothing in a unique key.
            if order(a, b).is_eq() && !a.contains(&Value::Null) {
                let columns: Vec<&str> = columns.iter().map(|&at| self.definition.columns[at].name.as_str()).collect();
                return Err(WriteError::DuplicateKey {
                    table: self.definition.name.clone(),
                    columns: columns.join(", "),
                });
            }
        }
        Ok(keys.iter().map(|key| encode(key)).collect())
    }
}
