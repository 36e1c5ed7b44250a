//! Just enough of `CREATE TABLE` to know a table's columns, its rowid alias and its automatic indexes.
//!
//! See <https://www.sqlite.org/lang_createtable.html>.

use thiserror::Error;

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name, without quotes.
    pub name: String,
    /// The declared type, words joined by one blank (`DOUBLE`, `TEXT(30)`, `MULTILINESTRING`); empty where there is none.
    pub declared_type: String,
    /// Whether it is declared `NOT NULL`.
    pub not_null: bool,
    /// Whether the record holds it; virtual generated columns are not stored.
    pub(crate) stored: bool,
}

/// A parsed `CREATE TABLE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableDefinition {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    /// The column that is the rowid under another name.
    pub(crate) rowid_alias: Option<usize>,
    /// Columns of each `sqlite_autoindex_<table>_<n>`, in the order of `n`.
    pub(crate) unique: Vec<Vec<usize>>,
    pub(crate) autoincrement: bool,
    pub(crate) without_rowid: bool,
    /// A collation or sort order that the writer's indexes do not know.
    pub(crate) special_order: bool,
}

/// Why a `CREATE TABLE` was not understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DdlError {
    /// The statement is not a `CREATE TABLE name (columns…)`.
    #[error("not a CREATE TABLE statement with columns: {0:?}")]
    NotATable(String),
    /// A key names a column that the table does not have.
    #[error("the key of table {table:?} names the unknown column {column:?}")]
    UnknownColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A bare word or number.
    Word(String),
    /// A quoted name or string.
    Quoted(String),
    Mark(char),
}

impl Token {
    fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Word(name) | Self::Quoted(name) => Some(name),
            Self::Mark(_) => None,
        }
    }
}

/// Parses a `CREATE TABLE` statement.
pub(crate) fn parse(sql: &str) -> Result<TableDefinition, DdlError> {
    let refuse = || DdlError::NotATable(sql.chars().take(80).collect());
    let tokens = tokenize(sql);
    let open = tokens.iter().position(|token| *token == Token::Mark('(')).ok_or_else(refuse)?;
    let head = &tokens[..open];
    let words_ok = head.first().is_some_and(|t| t.is("CREATE"))
        && head.iter().any(|t| t.is("TABLE"))
        && !head.iter().any(|t| t.is("VIRTUAL"));
    let name = head.last().filter(|_| words_ok && head.len() >= 3).and_then(Token::name).ok_or_else(refuse)?;
    let (parts, end) = split(&tokens, open + 1).ok_or_else(refuse)?;
    let options = &tokens[end..];

    let mut table = TableDefinition {
        name: name.to_owned(),
        columns: Vec::new(),
        rowid_alias: None,
        unique: Vec::new(),
        autoincrement: tokens.iter().any(|token| token.is("AUTOINCREMENT")),
        without_rowid: options.windows(2).any(|pair| pair[0].is("WITHOUT") && pair[1].is("ROWID")),
        special_order: false,
    };
    for part in parts {
        let constraint = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];
        let first = part.first().ok_or_else(refuse)?;
        if constraint.iter().any(|keyword| first.is(keyword)) {
            table.table_constraint(part)?;
        } else {
            table.column(part).ok_or_else(refuse)?;
        }
    }
    if table.columns.is_empty() { Err(refuse()) } else { Ok(table) }
}

impl TableDefinition {
    fn column(&mut self, part: &[Token]) -> Option<()> {
        let index = self.columns.len();
        let starts = [
            "CONSTRAINT",
            "PRIMARY",
            "NOT",
            "NULL",
            "UNIQUE",
            "CHECK",
            "DEFAULT",
            "COLLATE",
            "REFERENCES",
            "GENERATED",
            "AS",
        ];
        let end =
            part.iter().skip(1).position(|t| starts.iter().any(|word| t.is(word))).map_or(part.len(), |at| at + 1);
        let declared_type = join(&part[1..end]);
        let rest: Vec<&Token> = outer(&part[end..]);
        let pair = |a: &str, b: &str| rest.windows(2).position(|pair| pair[0].is(a) && pair[1].is(b));
        let has = |word: &str| rest.iter().any(|token| token.is(word));
        let generated = has("AS");
        self.special_order |= has("COLLATE");
        // Each key in the order of the text, since that order numbers the automatic indexes.
        let primary = pair("PRIMARY", "KEY");
        let unique = rest.iter().position(|token| token.is("UNIQUE"));
        self.columns.push(Column {
            name: part[0].name()?.to_owned(),
            declared_type,
            not_null: pair("NOT", "NULL").is_some(),
            stored: !generated || has("STORED"),
        });
        let mut keys: Vec<(usize, bool)> =
            primary.map(|at| (at, true)).into_iter().chain(unique.map(|at| (at, false))).collect();
        keys.sort_unstable();
        for (at, is_primary) in keys {
            let descending = is_primary && rest.get(at + 2).is_some_and(|token| token.is("DESC"));
            self.special_order |= descending;
            self.key(vec![index], is_primary && !descending);
        }
        Some(())
    }

    fn table_constraint(&mut self, part: &[Token]) -> Result<(), DdlError> {
        for at in 0..part.len() {
            let primary = part[at].is("PRIMARY") && part.get(at + 1).is_some_and(|token| token.is("KEY"));
            if !primary && !part[at].is("UNIQUE") {
                continue;
            }
            let open = at + 1 + usize::from(primary);
            if part.get(open) != Some(&Token::Mark('(')) {
                continue;
            }
            let Some((names, _)) = split(part, open + 1) else { continue };
            let mut columns = Vec::new();
            for words in names {
                let name = words.first().and_then(Token::name).unwrap_or_default();
                self.special_order |= words.iter().any(|word| word.is("COLLATE") || word.is("DESC"));
                let found = self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name));
                columns.push(
                    found
                        .ok_or_else(|| DdlError::UnknownColumn { table: self.name.clone(), column: name.to_owned() })?,
                );
            }
            self.key(columns, primary);
        }
        Ok(())
    }

    /// Notes a key; `may_alias` where a lone INTEGER column of it would be the rowid.
    fn key(&mut self, columns: Vec<usize>, may_alias: bool) {
        if let [column] = columns[..]
            && may_alias
            && !self.without_rowid
            && self.columns[column].declared_type.eq_ignore_ascii_case("INTEGER")
        {
            self.rowid_alias = Some(column);
        } else if !self.unique.contains(&columns) {
            self.unique.push(columns);
        }
    }
}

/// Tokens that are in no parentheses.
fn outer(tokens: &[Token]) -> Vec<&Token> {
    let mut depth = 0_usize;
    let mut out = Vec::new();
    for token in tokens {
        match token {
            Token::Mark('(') => depth += 1,
            Token::Mark(')') => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(token),
            _ => {}
        }
    }
    out
}

/// The comma-separated parts from `start` to the closing parenthesis, and where that one is.
fn split(tokens: &[Token], start: usize) -> Option<(Vec<&[Token]>, usize)> {
    let mut depth = 0_usize;
    let mut parts = Vec::new();
    let mut from = start;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        match token {
            Token::Mark('(') => depth += 1,
            Token::Mark(')') if depth == 0 => {
                parts.push(&tokens[from..at]);
                return Some((parts, at));
            }
            Token::Mark(')') => depth -= 1,
            Token::Mark(',') if depth == 0 => {
                parts.push(&tokens[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    None
}

fn join(tokens: &[Token]) -> String {
    let mut out = String::new();
    for token in tokens {
        match token {
            Token::Word(word) | Token::Quoted(word) => {
                if !out.is_empty() && !out.ends_with(['(', ',']) {
                    out.push(' ');
                }
                out.push_str(word);
            }
            Token::Mark(mark) => out.push(*mark),
        }
    }
    out
}

fn tokenize(sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '-' if chars.peek() == Some(&'-') => while chars.next().is_some_and(|c| c != '\n') {},
            '/' if chars.peek() == Some(&'*') => {
                chars.next();
                while let Some(c) = chars.next() {
                    if c == '*' && chars.peek() == Some(&'/') {
                        chars.next();
                        break;
                    }
                }
            }
            '"' | '\'' | '`' | '[' => {
                let close = if c == '[' { ']' } else { c };
                let mut name = String::new();
                while let Some(c) = chars.next() {
                    if c != close {
                        name.push(c);
                    } else if close != ']' && chars.peek() == Some(&close) {
                        chars.next();
                        name.push(close);
                    } else {
                        break;
                    }
                }
                tokens.push(Token::Quoted(name));
            }
            _ if c.is_whitespace() => {}
            _ if c.is_alphanumeric() || c == '_' || c == '$' || !c.is_ascii() => {
                let mut word = String::from(c);
                while let Some(c) = chars.next_if(|&c| c.is_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()) {
                    word.push(c);
                }
                tokens.push(Token::Word(word));
            }
            _ => tokens.push(Token::Mark(c)),
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn columns_types_and_keys() {
        let table = parse(
            "CREATE TABLE IF NOT EXISTS \"my \"\"t\" (\"fid\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, -- the key, really\n\
             [geom] MULTILINESTRING, name TEXT(30) NOT NULL UNIQUE, x DECIMAL(10, 2) DEFAULT (strftime('%Y,(','now')) CHECK (x > 0),\
             both AS (x || name), CONSTRAINT u UNIQUE (name, x), UNIQUE(name))",
        )
        .unwrap();
        assert_eq!(table.name, "my \"t");
        let names: Vec<_> =
            table.columns.iter().map(|c| (c.name.as_str(), c.declared_type.as_str(), c.not_null)).collect();
        let expect = [
            ("fid", "INTEGER", true),
            ("geom", "MULTILINESTRING", false),
            ("name", "TEXT(30)", true),
            ("x", "DECIMAL(10,2)", false),
            ("both", "", false),
        ];
        assert_eq!(names, expect);
        assert_eq!(table.rowid_alias, Some(0));
        assert_eq!(table.unique, [vec![2], vec![2, 3]]);
        assert!(table.autoincrement && !table.without_rowid && !table.columns[4].stored);
    }

    #[test]
    fn the_rowid_has_an_alias_only_for_exactly_integer() {
        assert_eq!(parse("create table t(a INT PRIMARY KEY)").unwrap().rowid_alias, None);
        assert_eq!(parse("create table t(a INTEGER PRIMARY KEY DESC)").unwrap().rowid_alias, None);
        assert_eq!(parse("create table t(a integer, b, primary key(a))").unwrap().rowid_alias, Some(0));
        assert_eq!(parse("create table t(a integer, b, primary key(a, b))").unwrap().unique, [vec![0, 1]]);
    }

    proptest! {
        #[test]
        fn any_text_is_a_table_or_an_error(tail in "[A-Za-z(),'\"`\\[\\] /*.-]{0,60}") {
            let _ = parse(&format!("CREATE TABLE t ({tail}"));
            let _ = parse(&tail);
        }
    }
}
