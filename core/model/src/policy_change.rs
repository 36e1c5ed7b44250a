//! Figures of a demand policy that a scenario changes, one by one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::{Table, Value};

use crate::{Policy, PolicyError, Sentence};

/// A figure of a policy, or a yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PolicyValue {
    /// Yes or no.
    Flag(bool),
    /// A number in the field's own unit.
    Number(f64),
}

/// A figure that differs from the policy's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyChange {
    /// The figure.
    pub value: PolicyValue,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Policy {
    /// All figures by their paths: `fill_per_cent`, `homes.busy_mbps`, `site.school.heads` by its kind, `equipment.10G.mbps` by
    /// its name, `server_room.per_km`.
    ///
    /// ```
    /// use breiband_model::{Policy, PolicyValue};
    /// assert!(Policy::example().figures().contains(&("homes.busy_mbps".to_owned(), PolicyValue::Number(3.0))));
    /// ```
    pub fn figures(&self) -> Vec<(String, PolicyValue)> {
        let mut found = Vec::new();
        for (name, value) in self.table() {
            match &value {
                Value::Table(group) => figures_of(&name, group, &mut found),
                Value::Array(list) => {
                    for one in list.iter().filter_map(Value::as_table) {
                        if let Some(id) = id_of(one) {
                            figures_of(&format!("{name}.{id}"), one, &mut found);
                        }
                    }
                }
                value => found.extend(figure(value).map(|figure| (name, figure))),
            }
        }
        found
    }

    /// The policy with a scenario's changes, which its source then names.
    ///
    /// # Errors
    /// A path that leads to no figure, a value of the wrong kind, and what [`Policy::parse`] says of the whole.
    pub fn changed(&self, changes: &BTreeMap<String, PolicyChange>) -> Result<Self, PolicyError> {
        if changes.is_empty() {
            return Ok(self.clone());
        }
        let mut table = self.table();
        let mut told = Vec::new();
        for (path, change) in changes {
            let fault = |words| PolicyError::Value(Sentence::with(words, [("path", path.clone())]));
            let place = find(&mut table, path)
                .ok_or_else(|| fault("{path} is no figure: `breiband policy` writes all of them"))?;
            *place = match (&*place, change.value) {
                (Value::Boolean(_), PolicyValue::Flag(flag)) => Value::Boolean(flag),
                (Value::Float(_), PolicyValue::Number(number)) => Value::Float(number),
                (Value::Integer(_), PolicyValue::Number(number)) if number.fract() == 0.0 && number.abs() < 1e9 => {
                    Value::Integer(number as i64)
                }
                (Value::Integer(_), PolicyValue::Number(_)) => return Err(fault("{path} is a whole number")),
                (Value::Boolean(_), _) => return Err(fault("{path} is yes or no: write true or false")),
                _ => return Err(fault("{path} is a number")),
            };
            told.push(match &change.source {
                Some(source) => format!("{path} ({source})"),
                None => path.clone(),
            });
        }
        let source = format!("{}; the scenario's own: {}", self.source, told.join(", "));
        table.insert("source".to_owned(), Value::String(source));
        Self::parse(&toml::to_string(&table).map_err(|error| PolicyError::Syntax(error.to_string()))?)
    }

    fn table(&self) -> Table {
        // A policy was read from a table, and is one.
        Table::try_from(self).unwrap_or_default()
    }
}

fn figure(value: &Value) -> Option<PolicyValue> {
    match value {
        Value::Boolean(flag) => Some(PolicyValue::Flag(*flag)),
        Value::Float(number) => Some(PolicyValue::Number(*number)),
        Value::Integer(number) => Some(PolicyValue::Number(*number as f64)),
        _ => None,
    }
}

fn figures_of(path: &str, group: &Table, found: &mut Vec<(String, PolicyValue)>) {
    found.extend(group.iter().filter_map(|(name, value)| Some((format!("{path}.{name}"), figure(value)?))));
}

/// What one of a list goes by: a site's kind, equipment's name.
fn id_of(one: &Table) -> Option<&str> {
    one.get("kind").or_else(|| one.get("name"))?.as_str()
}

/// The figure at a path. Equipment's name may have points in it: only the first and the last part a path.
fn find<'t>(table: &'t mut Table, path: &str) -> Option<&'t mut Value> {
    let found = match path.split_once('.') {
        None => table.get_mut(path),
        Some((head, rest)) => match (table.get_mut(head)?, rest.rsplit_once('.')) {
            (Value::Table(group), None) => group.get_mut(rest),
            (Value::Array(list), Some((id, name))) => {
                let one = list.iter_mut().filter_map(Value::as_table_mut).find(|one| id_of(one) == Some(id))?;
                one.get_mut(name)
            }
            _ => None,
        },
    };
    found.filter(|value| figure(value).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SiteKind;

    fn change(path: &str, value: PolicyValue) -> Result<Policy, PolicyError> {
        let change = PolicyChange { value, source: Some("Measured".to_owned()) };
        Policy::example().changed(&BTreeMap::from([(path.to_owned(), change)]))
    }

    #[test]
    fn every_figure_is_changed_by_its_path_and_nothing_else_is() {
        let policy = Policy::example();
        assert_eq!(policy.changed(&BTreeMap::new()).expect("nothing to change"), policy);
        let figures = policy.figures();
        assert!(figures.len() > 30 && figures.iter().any(|(path, _)| path == "equipment.10G.mbps"));
        for (path, value) in &figures {
            // By little, so that the order of equipment stays.
            let other = match *value {
                PolicyValue::Flag(flag) => PolicyValue::Flag(!flag),
                PolicyValue::Number(number) if number >= 2.0 => PolicyValue::Number(number - 1.0),
                PolicyValue::Number(number) => PolicyValue::Number(number + 1.0),
            };
            let changed = change(path, other).unwrap_or_else(|error| panic!("{path}: {error}"));
            let differ: Vec<_> = changed.figures().into_iter().filter(|one| !figures.contains(one)).collect();
            assert_eq!(differ, [(path.clone(), other)]);
            assert!(changed.source.ends_with(&format!("the scenario's own: {path} (Measured)")), "{}", changed.source);
        }
        let school = change("site.school.heads", PolicyValue::Number(7.0)).expect("a figure");
        assert_eq!(school.site(SiteKind::School).map(|site| site.heads), Some(7));
    }

    #[test]
    fn what_is_no_figure_is_refused_by_its_path() {
        let said = |path: &str, value| change(path, value).expect_err(path).to_string();
        for path in ["", "name", "homes", "homes.nothing", "site.school", "site.nowhere.heads", "site", "a.b.c.d"] {
            assert!(said(path, PolicyValue::Number(1.0)).contains("is no figure"), "{path}");
        }
        assert!(said("site.school.heads", PolicyValue::Number(1.5)).contains("whole number"));
        assert!(said("site.school.feide", PolicyValue::Number(1.0)).contains("true or false"));
        assert!(said("homes.busy_mbps", PolicyValue::Flag(true)).contains("is a number"));
        assert!(said("fill_per_cent", PolicyValue::Number(0.0)).contains("fill_per_cent must lie above 0"));
        assert!(change("homes.busy_mbps", PolicyValue::Number(f64::NAN)).is_err());
    }
}
