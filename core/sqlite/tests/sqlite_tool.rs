//! What is written here is sound to SQLite itself, and what SQLite writes is read here. Skips where there is no `sqlite3`.
#![allow(clippy::print_stderr)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use breiband_sqlite::{Database, Reader, Value};
use proptest::prelude::*;

/// Runs `sql` on a database; `None` where there is no sqlite3.
fn sqlite(path: &Path, sql: &str) -> Option<String> {
    let child =
        Command::new("sqlite3").arg(path).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        eprintln!("SKIPPED: sqlite3 is not installed");
        return None;
    };
    child.stdin.take().unwrap().write_all(sql.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
}

/// Checks with SQLite that the file is sound, and that `queries` give what they should.
fn check(bytes: &[u8], queries: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("it.sqlite");
    std::fs::write(&path, bytes).unwrap();
    let Some(answer) = sqlite(&path, "PRAGMA integrity_check; PRAGMA freelist_count;") else { return };
    assert_eq!(answer, "ok\n0");
    for (query, expect) in queries {
        assert_eq!(sqlite(&path, query).as_deref(), Some(*expect), "{query}");
    }
}

fn read(bytes: &[u8], table: &str) -> Vec<Vec<Value>> {
    Reader::new(bytes).unwrap().rows(table).unwrap().map(|row| row.unwrap().values).collect()
}

#[test]
fn an_empty_database_is_sound() {
    check(&Database::new(7, 9).into_bytes().unwrap(), &[("PRAGMA application_id", "7"), ("PRAGMA user_version", "9")]);
}

#[test]
fn sizes_around_every_limit_of_a_page() {
    for rows in [0, 1, 2, 3, 4, 5, 9, 100, 453, 454, 455, 3_000] {
        for length in
            [0, 300, 480, 490, 980, 995, 1_000, 1_010, 2_000, 4_040, 4_050, 4_060, 4_062, 4_070, 4_096, 8_150, 20_000]
        {
            if rows * length > 3_000_000 {
                continue;
            }
            let mut database = Database::new(0, 0);
            let table =
                database.create_table("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL)").unwrap();
            let mut expect = Vec::new();
            for row in 0..rows {
                // Scattered order, so that the index is sorted otherwise than the table.
                let name = format!("{:05}{}", row * 7_919 % 10_007, "x".repeat(length));
                database.insert(table, vec![Value::Null, name.as_str().into()]).unwrap();
                expect.push(vec![Value::Integer(row as i64 + 1), Value::Text(name)]);
            }
            let bytes = database.into_bytes().unwrap();
            assert_eq!(read(&bytes, "t"), expect);
            if rows < 100 || length < 1_000 {
                check(
                    &bytes,
                    &[("SELECT count(*), count(DISTINCT name) FROM t NOT INDEXED", &format!("{rows}|{rows}"))],
                );
            }
        }
    }
}

#[test]
fn three_levels_of_table_and_index() {
    let mut database = Database::new(0, 0);
    let table = database.create_table("CREATE TABLE t(a INTEGER, b TEXT, c REAL, UNIQUE(b, a))").unwrap();
    let mut sum = 0;
    for row in 0..200_000_i64 {
        let key = row * 104_729 % 200_003;
        sum += key;
        database
            .insert(table, vec![key.into(), format!("name {}", key % 1_000).into(), (key as f64 / 4.0).into()])
            .unwrap();
    }
    let bytes = database.into_bytes().unwrap();
    check(
        &bytes,
        &[
            ("SELECT count(*), sum(a), sum(c) * 4 = sum(a) FROM t", &format!("200000|{sum}|1")),
            ("SELECT rowid FROM t WHERE b = 'name 7' AND a = 104729 * 8 % 200003", ""),
            ("SELECT rowid, a FROM t WHERE b = 'name 729' AND a = 104729", "2|104729"),
            ("PRAGMA quick_check", "ok"),
        ],
    );
    assert_eq!(read(&bytes, "t").len(), 200_000);
}

#[test]
fn a_schema_of_many_pages() {
    for (tables, padding) in
        [(1, 3_900), (1, 3_950), (1, 3_980), (1, 4_010), (1, 9_000), (2, 3_900), (40, 200), (500, 20), (300, 5_000)]
    {
        let mut database = Database::new(0, 0);
        for number in 0..tables {
            let table = database
                .create_table(&format!("CREATE TABLE t{number}(a TEXT UNIQUE /*{}*/)", "-".repeat(padding)))
                .unwrap();
            database.insert(table, vec![format!("value {number}").into()]).unwrap();
        }
        let bytes = database.into_bytes().unwrap();
        let last = tables - 1;
        check(&bytes, &[(&format!("SELECT a FROM t{last}"), &format!("value {last}"))]);
        assert_eq!(Reader::new(&bytes).unwrap().tables().len(), tables);
        assert_eq!(read(&bytes, &format!("t{last}")), [[Value::Text(format!("value {last}"))]]);
    }
}

#[test]
fn sqlite_can_go_on_writing() {
    let mut database = Database::new(0, 0);
    let table = database
        .create_table("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT UNIQUE)")
        .unwrap();
    for row in 0..1_000 {
        database.insert(table, vec![Value::Null, format!("{row}").into()]).unwrap();
    }
    let bytes = database.into_bytes().unwrap();
    let more = "INSERT INTO t(name) SELECT 'new ' || name || hex(zeroblob(id)) FROM t; DELETE FROM t WHERE id % 3 = 0; VACUUM; \
                PRAGMA integrity_check; SELECT max(id), count(*) FROM t";
    check(&bytes, &[(more, "ok\n2000|1334")]);
}

#[test]
fn broken_rules_are_refused() {
    let refuse = |sql: &str, rows: &[Vec<Value>]| {
        let mut database = Database::new(0, 0);
        let table = match database.create_table(sql) {
            Ok(table) => table,
            Err(error) => return error.to_string(),
        };
        for row in rows {
            if let Err(error) = database.insert(table, row.clone()) {
                return error.to_string();
            }
        }
        database.into_bytes().unwrap_err().to_string()
    };
    let unique = "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT UNIQUE, b REAL NOT NULL)";
    let row = |id: i64, a: &str| vec![id.into(), a.into(), 0.5.into()];
    assert_eq!(refuse(unique, &[row(1, "x"), row(2, "x")]), "two rows of table \"t\" agree in the key (a)");
    assert_eq!(refuse(unique, &[row(1, "x"), row(1, "y")]), "two rows of table \"t\" agree in the key (rowid)");
    assert_eq!(refuse(unique, &[vec![Value::Null]]), "a row of table \"t\" has 1 values for 3 columns");
    assert_eq!(
        refuse(unique, &[vec![Value::Null, Value::Null, f64::NAN.into()]]),
        "column \"b\" of table \"t\" needs a value"
    );
    assert!(refuse("CREATE TABLE t(a PRIMARY KEY) WITHOUT ROWID", &[]).contains("not written here"));
    assert!(refuse("DROP TABLE t", &[]).contains("not a CREATE TABLE"));
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::Integer),
        (-300_i64..300).prop_map(Value::Integer),
        any::<f64>().prop_filter("NaN is stored as nothing", |number| !number.is_nan()).prop_map(Value::Real),
        ".{0,30}".prop_map(Value::Text),
        (0_usize..12_000).prop_map(|length| Value::Text("å".repeat(length))),
        prop::collection::vec(any::<u8>(), 0..300).prop_map(Value::Blob),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn rows_come_back_and_sqlite_reads_the_same(rows in prop::collection::vec([value(), value(), value()], 0..60)) {
        let mut database = Database::new(0, 0);
        let table = database.create_table("CREATE TABLE t(a BLOB, b, c)").unwrap();
        for row in &rows {
            database.insert(table, row.to_vec()).unwrap();
        }
        let bytes = database.into_bytes().unwrap();
        prop_assert_eq!(read(&bytes, "t"), rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>());
        check(&bytes, &[("SELECT count(*) FROM t", &rows.len().to_string())]);
    }
}

#[test]
fn files_of_sqlite_are_read() {
    for pragmas in [
        "",
        "PRAGMA page_size=512;",
        "PRAGMA page_size=65536;",
        "PRAGMA encoding='UTF-16le';",
        "PRAGMA encoding='UTF-16be';",
        "PRAGMA auto_vacuum=FULL;",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("it.sqlite");
        let sql = format!(
            "{pragmas} CREATE TABLE \"odd name\"(id INTEGER PRIMARY KEY, a TEXT, v AS (a || 'x'), b REAL, c BLOB);
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
             INSERT INTO \"odd name\"(id, a, b, c) SELECT i * 3, 'Ærøy ' || i, i / 8.0, zeroblob(i % 9 * 200) FROM n;
             DELETE FROM \"odd name\" WHERE id % 2 = 0; ALTER TABLE \"odd name\" ADD COLUMN d TEXT;"
        );
        if sqlite(&path, &sql).is_none() {
            return;
        }
        let bytes = std::fs::read(&path).unwrap();
        let rows = read(&bytes, "ODD NAME");
        assert_eq!(rows.len(), 2_500, "{pragmas}");
        for row in rows {
            let id = row[0].as_integer().unwrap();
            let i = id / 3;
            let blob = Value::Blob(vec![0; i as usize % 9 * 200]);
            assert_eq!(row[1..], [format!("Ærøy {i}").into(), Value::Null, row[3].clone(), blob, Value::Null]);
            assert_eq!(row[3].as_number(), Some(i as f64 / 8.0));
        }
    }
}
