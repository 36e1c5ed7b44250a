//! The extension `gpkg_rtree_index`: an R-tree of a layer's geometries, and the triggers that keep it right when somebody
//! else edits the layer. They call functions (`ST_MinX` …) that every editor of GeoPackages brings.
//!
//! OGC 12-128r17, annex F.3, in the wording of version 1.3.

use super::write::quote;
use crate::rtree;
use crate::writer::{Database, TableId, WriteError};

/// Lists what a file uses beyond the core of the standard.
const EXTENSIONS: &str = "CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, \
     definition TEXT NOT NULL, scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))";

/// Adds the table of extensions.
pub(super) fn create_extensions(database: &mut Database) -> Result<TableId, WriteError> {
    database.create_table(EXTENSIONS)
}

/// Indexes the column `geom` of `layer` by the boxes of its rows (`fid`, `[min x, min y, max x, max y]`); rows without a
/// place have none.
pub(super) fn add(
    database: &mut Database,
    extensions: TableId,
    layer: &str,
    boxes: &[(i64, [f64; 4])],
) -> Result<(), WriteError> {
    let row = [layer, "geom", "gpkg_rtree_index", "http://www.geopackage.org/spec130/#extension_rtree", "write-only"];
    database.insert(extensions, row.map(Into::into).to_vec())?;
    let index = format!("rtree_{layer}_geom");
    rtree::add(database, &index, boxes)?;
    for (suffix, event, condition, action) in TRIGGERS {
        let name = format!("{index}_{suffix}");
        let sql = format!(
            "CREATE TRIGGER {} AFTER {event} ON {} WHEN {condition} BEGIN {action} END",
            quote(&name),
            quote(layer)
        );
        let sql = sql
            .replace("{put}", PUT)
            .replace("{some}", SOME)
            .replace("{none}", NONE)
            .replace("{index}", &quote(&index));
        database.create_trigger(&name, layer, &sql);
    }
    Ok(())
}

const SOME: &str = "(NEW.\"geom\" NOTNULL AND NOT ST_IsEmpty(NEW.\"geom\"))";
const NONE: &str = "(NEW.\"geom\" ISNULL OR ST_IsEmpty(NEW.\"geom\"))";
const PUT: &str = "INSERT OR REPLACE INTO {index} VALUES (NEW.\"fid\", ST_MinX(NEW.\"geom\"), ST_MaxX(NEW.\"geom\"), \
     ST_MinY(NEW.\"geom\"), ST_MaxY(NEW.\"geom\"));";

/// Name, event, condition and action of each trigger.
const TRIGGERS: [(&str, &str, &str, &str); 6] = [
    ("insert", "INSERT", "{some}", "{put}"),
    ("update1", "UPDATE OF \"geom\"", "OLD.\"fid\" = NEW.\"fid\" AND {some}", "{put}"),
    (
        "update2",
        "UPDATE OF \"geom\"",
        "OLD.\"fid\" = NEW.\"fid\" AND {none}",
        "DELETE FROM {index} WHERE id = OLD.\"fid\";",
    ),
    ("update3", "UPDATE", "OLD.\"fid\" != NEW.\"fid\" AND {some}", "DELETE FROM {index} WHERE id = OLD.\"fid\"; {put}"),
    (
        "update4",
        "UPDATE",
        "OLD.\"fid\" != NEW.\"fid\" AND {none}",
        "DELETE FROM {index} WHERE id IN (OLD.\"fid\", NEW.\"fid\");",
    ),
    ("delete", "DELETE", "OLD.\"geom\" NOT NULL", "DELETE FROM {index} WHERE id = OLD.\"fid\";"),
];
