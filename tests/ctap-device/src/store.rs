//! Credentials and attempt counts in one file, which is replaced as a whole: a change is there, or it is not.

use std::collections::BTreeMap;
use std::fs::{File, rename};
use std::io::Write;
use std::path::{Path, PathBuf};

use authentication_agent::CredentialRecord;
use authentication_agent::ctap::{Change, Scope};
use ctap2::cbor::{self, Fields, Value};

/// RP ID and credential ID.
type Key = (String, Vec<u8>);
type Rows = BTreeMap<Key, Vec<u8>>;

/// The store of one device, while this program runs.
pub(crate) struct Store {
    path: PathBuf,
    rows: State,
    /// Two programs on one file would undo each other's counters.
    _lock: File,
}

#[derive(Clone, Default)]
struct State {
    records: Rows,
    counts: Rows,
}

impl Store {
    /// Opens the store, or begins an empty one.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", path.display());
        let lock = File::create(path.with_extension("lock")).map_err(failed)?;
        lock.try_lock()
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let rows = match std::fs::read(path) {
            Ok(bytes) => State::read(&bytes)
                .map_err(|error| format!("{}: not a store: {error}", path.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => State::default(),
            Err(error) => return Err(failed(error)),
        };
        Ok(Self {
            path: path.to_owned(),
            rows,
            _lock: lock,
        })
    }

    pub(crate) fn records(&self, scope: Scope<'_>) -> Result<Vec<CredentialRecord>, String> {
        let wanted = |rp_id: &str| match scope {
            Scope::Rp(wanted) => rp_id == wanted,
            Scope::All => true,
        };
        let rows = self.rows.records.iter();
        rows.filter(|((rp_id, _), _)| wanted(rp_id))
            .map(|(_, bytes)| CredentialRecord::from_cbor(bytes).map_err(|e| e.to_string()))
            .collect()
    }

    pub(crate) fn attempts(&self, record: &CredentialRecord) -> Option<Vec<u8>> {
        let key = (record.rp_id().to_owned(), record.credential_id().to_vec());
        self.rows.counts.get(&key).cloned()
    }

    /// Makes all the changes durable, or none.
    pub(crate) fn write(&mut self, changes: &[Change<'_>]) -> Result<(), String> {
        let mut next = self.rows.clone();
        for change in changes {
            next.apply(change)?;
        }
        let bytes = next.bytes().map_err(|error| error.to_string())?;
        replace(&self.path, &bytes).map_err(|error| format!("{}: {error}", self.path.display()))?;
        self.rows = next;
        Ok(())
    }
}

/// Writes beside the file, forces it to disk, and puts it in the file's place.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    rename(&beside, path)?;
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

impl State {
    fn apply(&mut self, change: &Change<'_>) -> Result<(), String> {
        let key = |rp_id: &str, id: &[u8]| (rp_id.to_owned(), id.to_vec());
        match change {
            Change::Put(record) => {
                let bytes = record.to_cbor().map_err(|error| error.to_string())?;
                let bytes = bytes.expose_secret("kept in a test's store").clone();
                let key = key(record.rp_id(), record.credential_id());
                self.records.insert(key, bytes);
            }
            Change::Count {
                rp_id,
                credential_id,
                attempts,
            } => {
                self.counts
                    .insert(key(rp_id, credential_id), attempts.to_vec());
            }
            Change::Erase {
                rp_id,
                credential_id,
            } => {
                let key = key(rp_id, credential_id);
                self.records.remove(&key);
                self.counts.remove(&key);
            }
            Change::EraseAll => *self = Self::default(),
        }
        Ok(())
    }

    fn bytes(&self) -> Result<Vec<u8>, ctap2::CborError> {
        let rows = |rows: &Rows| {
            let row = |((rp_id, id), bytes): (&Key, &Vec<u8>)| {
                let bytes = [id, bytes].map(|bytes| Value::Bytes(bytes.clone()));
                let [id, bytes] = bytes;
                Value::Array(vec![rp_id.as_str().into(), id, bytes])
            };
            Value::Array(rows.iter().map(row).collect())
        };
        cbor::encode(Value::Map(vec![
            (1.into(), rows(&self.records)),
            (2.into(), rows(&self.counts)),
        ]))
    }

    fn read(bytes: &[u8]) -> Result<Self, ctap2::CborError> {
        let mut fields = Fields::decode(bytes, "store")?;
        let mut rows = |key: i64| {
            let rows = fields.array(key, "rows")?.unwrap_or_default();
            rows.into_iter().map(row).collect::<Result<Rows, _>>()
        };
        Ok(Self {
            records: rows(1)?,
            counts: rows(2)?,
        })
    }
}

fn row(value: Value) -> Result<(Key, Vec<u8>), ctap2::CborError> {
    let wrong = ctap2::CborError::UnexpectedType("row");
    let Value::Array(parts) = value else {
        return Err(wrong);
    };
    match <[Value; 3]>::try_from(parts) {
        Ok([Value::Text(rp_id), Value::Bytes(id), Value::Bytes(bytes)]) => Ok(((rp_id, id), bytes)),
        _ => Err(wrong),
    }
}
