//! The file of settings (TOML), and how its values come below the environment's and the command line's: they become
//! the defaults of the arguments, so that one parser reads all three.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::builder::{OsStr, StyledStr};
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, Command};
use toml::Value;

use super::SettingsError;

/// Arguments that are about the file and so cannot stand in it.
const NOT_IN_A_FILE: [&str; 4] = ["config", "check-config", "help", "version"];

/// Arguments that stand on the command line only.
const ALONE: [&str; 3] = ["check-config", "help", "version"];

/// A file of settings: flat, `key = value`, each key the name of a flag.
#[derive(Clone, Debug)]
pub struct SettingsFile {
    path: String,
    values: BTreeMap<String, Vec<String>>,
}

impl SettingsFile {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, is not TOML, or has a value that is neither text, number, truth value nor a list of those.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let shown = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| SettingsError::Unreadable {
            path: shown.clone(),
            error,
        })?;
        let refuse = |reason: String| SettingsError::File {
            path: shown.clone(),
            reason,
        };
        // The parser's words can quote a line, and a line can hold a password: the place alone is told.
        let table: toml::Table = toml::from_str(&text).map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(1, |before| before.matches('\n').count() + 1);
            refuse(format!("line {line}: {}", error.message()))
        })?;
        let mut values = BTreeMap::new();
        for (key, value) in &table {
            let list = match value {
                Value::Array(list) => list.iter().map(scalar).collect(),
                one => scalar(one).map(|text| vec![text]),
            };
            let list = list.ok_or_else(|| {
                refuse(format!(
                    "`{key}` must be text, a number, true or false, or a list of those"
                ))
            })?;
            values.insert(key.clone(), list);
        }
        Ok(Self {
            path: shown,
            values,
        })
    }

    /// Refuses a file with a key that is not among `known`.
    ///
    /// # Errors
    /// Names the first such key.
    pub fn check_keys(&self, known: &[String]) -> Result<(), SettingsError> {
        match self.values.keys().find(|key| !known.contains(key)) {
            None => Ok(()),
            Some(key) => Err(SettingsError::File {
                path: self.path.clone(),
                reason: format!("there is no setting `{key}`"),
            }),
        }
    }

    /// Whether the file sets `key`.
    pub fn sets(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// The parser's error, which a value of this file brought about, as one sentence.
    pub fn refuse(&self, error: &clap::Error) -> SettingsError {
        SettingsError::File {
            path: self.path.clone(),
            reason: sentence(error),
        }
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    }
}

/// The keys that a file may have for `command`: its long flags.
#[must_use]
pub fn keys(command: &Command) -> Vec<String> {
    let flags = command.get_arguments().filter_map(Arg::get_long);
    let flags = flags.filter(|name| !NOT_IN_A_FILE.contains(name));
    flags.map(str::to_owned).collect()
}

/// The command with every flag also in the environment (`MIEN_` and its name, unless it has one of its own), and with
/// the file's values as defaults.
pub fn layered(command: Command, file: Option<&SettingsFile>) -> Command {
    command.mut_args(|mut arg| {
        let Some(name) = arg.get_long().map(str::to_owned) else {
            return arg;
        };
        if ALONE.contains(&name.as_str()) {
            return arg;
        }
        if arg.get_env().is_none() {
            arg = arg.env(format!("MIEN_{}", name.to_uppercase().replace('-', "_")));
        }
        // Help texts are for everyone to see, values may be secret.
        arg = arg.hide_env_values(true);
        match file.and_then(|file| file.values.get(&name)) {
            Some(values) => arg.default_values(values.iter().map(OsStr::from)),
            None => arg,
        }
    })
}

/// What is wrong with a value, without the parser's advice around it.
pub fn sentence(error: &clap::Error) -> String {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::StyledStr(text)) => Some(StyledStr::to_string(text)),
        _ => None,
    };
    let first = error.to_string();
    let first = first.lines().next().unwrap_or_default();
    let Some(argument) = text(ContextKind::InvalidArg) else {
        return first.trim_start_matches("error: ").to_owned();
    };
    let name = argument.split_whitespace().next().unwrap_or_default();
    let name = name.trim_start_matches('-');
    // The value is not repeated: it may be a secret in the wrong place.
    match std::error::Error::source(error) {
        Some(reason) => format!("`{name}`: {reason}"),
        None => format!("`{name}` has a wrong value"),
    }
}
