//! JSON in which no object has two members of one name: parsers disagree about which of the two counts.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// The members of an object.
pub(crate) type Object = Map<String, Value>;

/// Parses one object; nothing but white space may follow it. Nesting is limited to 127 levels by `serde_json`.
pub(crate) fn object(bytes: &[u8]) -> Result<Object, serde_json::Error> {
    match serde_json::from_slice(bytes)? {
        Unique(Value::Object(members)) => Ok(members),
        Unique(_) => Err(Error::custom("not an object")),
    }
}

/// Parses one object into a type. Members that the type does not know are ignored, and still may not stand twice.
pub(crate) fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_value(Value::Object(object(bytes)?))
}

/// What was wrong, for the log: where, and never what stood there.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    format!(
        "{:?} error at line {line} column {column}",
        error.classify()
    )
}

/// A value without repeated members, at any depth.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Self)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Unique(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Object::new();
        while let Some(name) = members.next_key::<String>()? {
            let Unique(value) = members.next_value()?;
            // Names are compared as decoded: "id" and "\u0069d" are one.
            if object.insert(name, value).is_some() {
                return Err(Error::custom("a member stands twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_member_that_stands_twice_is_refused_at_any_depth() {
        for good in [
            r#"{}"#,
            r#"{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}"#,
            " {\"a\":null}\n",
        ] {
            assert!(object(good.as_bytes()).is_ok(), "{good}");
        }
        for bad in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"x":{"a":1,"a":2}}"#,
            r#"{"x":[[{"a":1,"b":0,"a":2}]]}"#,
        ] {
            assert!(object(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_one_whole_object_is_taken() {
        for bad in ["", "null", "[]", "1", "{", "{}{}", "{} x", "\u{feff}{}"] {
            assert!(object(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(object(b"{\"a\":\"\xff\"}").is_err(), "not UTF-8");
        let nested = |depth| format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
        assert!(object(nested(127).as_bytes()).is_ok());
        assert!(object(nested(128).as_bytes()).is_err());
    }

    #[test]
    fn a_type_is_read_from_it() {
        #[derive(Deserialize)]
        struct Wanted {
            a: u8,
        }
        let read = |text: &str| from_slice::<Wanted>(text.as_bytes()).map(|wanted| wanted.a);
        assert_eq!(read(r#"{"a":7,"b":1}"#).unwrap(), 7);
        assert!(read(r#"{"a":7,"b":1,"b":1}"#).is_err());
        assert!(read("[7]").is_err(), "a list in place of the object");
    }

    proptest! {
        /// What serde_json reads without repeated members is read alike.
        #[test]
        fn values_are_those_of_serde_json(text in r#"\{"a":(-?[1-9][0-9]{0,25}(\.[0-9]+)?|true|null|"[a-z\\n]{0,4}"|\[1,"x"\])\}"#) {
            let ours = object(text.as_bytes()).ok().map(Value::Object);
            prop_assert_eq!(ours, serde_json::from_str(&text).ok());
        }
    }
}
