//! Canonical order of map keys for what we encode ourselves, and a size bound for the output buffer.

use core::cmp::Ordering;

use super::{CborError, Value};

/// Sorts the keys of every map inside `value` (CTAP 2.1 clause 8).
pub(super) fn sort(value: &mut Value) -> Result<(), CborError> {
    match value {
        Value::Array(items) => items.iter_mut().try_for_each(sort),
        Value::Map(entries) => {
            for (key, entry) in entries.iter_mut() {
                if !matches!(key, Value::Integer(_) | Value::Text(_)) {
                    return Err(CborError::KeyOrder);
                }
                sort(entry)?;
            }
            entries.sort_by(|(left, _), (right, _)| compare(left, right));
            let duplicate = entries
                .iter()
                .zip(entries.iter().skip(1))
                .any(|((left, _), (right, _))| left == right);
            if duplicate {
                return Err(CborError::KeyOrder);
            }
            Ok(())
        }
        Value::Tag(..) | Value::Float(_) => Err(CborError::Unsupported),
        _ => Ok(()),
    }
}

fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => {
            // Non-negative before negative; inside each, the smaller magnitude encodes shorter and lower.
            let rank = |number: i128| (number < 0, number.unsigned_abs());
            rank((*left).into()).cmp(&rank((*right).into()))
        }
        (Value::Integer(_), _) => Ordering::Less,
        (_, Value::Integer(_)) => Ordering::Greater,
        (Value::Text(left), Value::Text(right)) => {
            (left.len(), left.as_bytes()).cmp(&(right.len(), right.as_bytes()))
        }
        _ => Ordering::Equal,
    }
}

/// At least as many bytes as `value` encodes to: nine for each head, plus the strings.
pub(super) fn upper_bound(value: &Value) -> usize {
    let content = match value {
        Value::Bytes(bytes) => bytes.len(),
        Value::Text(text) => text.len(),
        Value::Array(items) => items.iter().map(upper_bound).sum(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, entry)| upper_bound(key).saturating_add(upper_bound(entry)))
            .sum(),
        _ => 0,
    };
    content.saturating_add(9)
}
