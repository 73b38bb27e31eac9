//! Tests of the CBOR door: what CTAP 2.1 clause 8 forbids, byte by byte, and round trips.
use proptest::prelude::*;

use super::{CborError, Fields, Value, decode, encode, split_first};

#[test]
fn refuses_each_deviation_from_canonical_form() {
    let cases: &[(&[u8], CborError, &str)] = &[
        (&[], CborError::Truncated, "nothing"),
        (&[0x18], CborError::Truncated, "argument missing"),
        (&[0x42, 0x00], CborError::Truncated, "byte string cut off"),
        (&[0x82, 0x00], CborError::Truncated, "array cut off"),
        (&[0xa1, 0x00], CborError::Truncated, "map without value"),
        (
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            CborError::Truncated,
            "length of 2^64-1",
        ),
        (
            &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            CborError::Truncated,
            "count of 2^64-1",
        ),
        (
            &[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            CborError::Truncated,
            "map count of 2^64-1",
        ),
        (&[0x00, 0x00], CborError::TrailingBytes, "two items"),
        (
            &[0x5f, 0x41, 0x00, 0xff],
            CborError::IndefiniteLength,
            "chunked bytes",
        ),
        (&[0x7f, 0xff], CborError::IndefiniteLength, "chunked text"),
        (&[0x9f, 0xff], CborError::IndefiniteLength, "open array"),
        (&[0xbf, 0xff], CborError::IndefiniteLength, "open map"),
        (&[0xff], CborError::IndefiniteLength, "break alone"),
        (&[0x18, 0x17], CborError::NotShortest, "23 in two bytes"),
        (&[0x19, 0x00, 0xff], CborError::NotShortest, "255 in three"),
        (
            &[0x1a, 0x00, 0x00, 0xff, 0xff],
            CborError::NotShortest,
            "65535 in five",
        ),
        (
            &[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
            CborError::NotShortest,
            "2^32-1 in nine",
        ),
        (
            &[0x58, 0x01, 0x00],
            CborError::NotShortest,
            "long form of a length",
        ),
        (&[0xa2, 1, 0, 1, 0], CborError::KeyOrder, "key twice"),
        (&[0xa2, 2, 0, 1, 0], CborError::KeyOrder, "descending keys"),
        (
            &[0xa2, 0x20, 0, 0x01, 0],
            CborError::KeyOrder,
            "-1 before 1",
        ),
        (
            &[0xa2, 0x62, b'a', b'a', 0, 0x61, b'b', 0],
            CborError::KeyOrder,
            "longer text first",
        ),
        (
            &[0xa1, 0x41, 0x00, 0x00],
            CborError::Unsupported,
            "byte string as key",
        ),
        (&[0xc0, 0x60], CborError::Unsupported, "tag"),
        (&[0xf9, 0x3c, 0x00], CborError::Unsupported, "half float"),
        (
            &[0xfb, 0, 0, 0, 0, 0, 0, 0, 0],
            CborError::Unsupported,
            "double",
        ),
        (&[0xf7], CborError::Unsupported, "undefined"),
        (&[0xf8, 0x20], CborError::Unsupported, "simple value 32"),
        (
            &[0x1c],
            CborError::Unsupported,
            "reserved additional information",
        ),
        (&[0x61, 0xff], CborError::NotUtf8, "text that is not UTF-8"),
        (
            &[0x81, 0x81, 0x81, 0x81, 0x80],
            CborError::TooDeep,
            "five levels",
        ),
    ];
    for (bytes, error, what) in cases {
        assert_eq!(decode(bytes).unwrap_err(), *error, "{what}");
    }
}

#[test]
fn accepts_four_levels_and_the_canonical_key_order() {
    assert!(decode(&[0x81, 0x81, 0x81, 0x80]).is_ok());
    // {1: 0, 24: 0, -1: 0, "b": 0, "aa": 0}: shorter first inside a major type, lower major type first.
    let map = [
        0xa5, // map of five
        0x01, 0x00, // 1
        0x18, 0x18, 0x00, // 24
        0x20, 0x00, // -1
        0x61, b'b', 0x00, // "b"
        0x62, b'a', b'a', 0x00, // "aa"
    ];
    let value = decode(&map).unwrap();
    assert_eq!(encode(value).unwrap(), map);
}

#[test]
fn encoder_sorts_at_every_level_and_refuses_doubled_keys() {
    let inner = Value::Map(vec![("b".into(), 1.into()), ("a".into(), 2.into())]);
    let value = Value::Map(vec![
        ("x".into(), inner),
        ((-1).into(), 0.into()),
        (7.into(), 0.into()),
    ]);
    let expected = [
        0xa3, // map of three
        0x07, 0x00, // 7: 0
        0x20, 0x00, // -1: 0
        0x61, b'x', // "x":
        0xa2, 0x61, b'a', 0x02, 0x61, b'b', 0x01, // {"a": 2, "b": 1}
    ];
    assert_eq!(encode(value).unwrap(), expected);
    let doubled = Value::Map(vec![(1.into(), 0.into()), (1.into(), 1.into())]);
    assert_eq!(encode(doubled).unwrap_err(), CborError::KeyOrder);
    let key = Value::Map(vec![(Value::Null, 0.into())]);
    assert_eq!(encode(key).unwrap_err(), CborError::KeyOrder);
}

#[test]
fn split_first_leaves_the_rest() {
    assert_eq!(
        split_first(&[0x41, 9, 7, 8]).unwrap(),
        (&[0x41, 9][..], &[7, 8][..])
    );
}

#[test]
fn fields_are_typed_and_closed_maps_stay_closed() {
    let fields = || Fields::decode(&[0xa2, 0x01, 0x18, 0x64, 0x02, 0x41, 0x07], "map").unwrap();
    let mut map = fields();
    assert_eq!(map.integer(1, "one").unwrap(), Some(100));
    assert_eq!(map.bytes(2, "two").unwrap(), Some(vec![7]));
    assert_eq!(map.text(3, "three").unwrap(), None);
    map.finish("map").unwrap();
    let mut map = fields();
    assert_eq!(
        map.text(1, "one").unwrap_err(),
        CborError::UnexpectedType("one")
    );
    assert_eq!(
        map.byte_array::<2>(2, "two").unwrap_err(),
        CborError::Invalid("two")
    );
    assert_eq!(
        fields().finish("map").unwrap_err(),
        CborError::Invalid("map")
    );
    let not_a_map = Fields::decode(&[0x80], "map").map(|_| ()).unwrap_err();
    assert_eq!(not_a_map, CborError::UnexpectedType("map"));
    // 2^64 - 1 does not fit.
    let mut large = Fields::decode(&[&[0xa1, 0x01, 0x1b][..], &[0xff; 8]].concat(), "map").unwrap();
    assert_eq!(
        large.integer(1, "one").unwrap_err(),
        CborError::Invalid("one")
    );
    let mut large = Fields::decode(&[&[0xa1, 0x01, 0x1b][..], &[0xff; 8]].concat(), "map").unwrap();
    assert_eq!(large.unsigned(1, "one").unwrap(), Some(u64::MAX));
    let mut negative = Fields::decode(&[0xa1, 0x01, 0x20], "map").unwrap();
    assert_eq!(
        negative.unsigned(1, "one").unwrap_err(),
        CborError::Invalid("one")
    );
}

/// Values that CTAP2 allows, at most three levels inside the top.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
        proptest::collection::vec(any::<u8>(), 0..300).prop_map(Value::Bytes),
        ".{0,40}".prop_map(Value::Text),
    ];
    leaf.prop_recursive(3, 40, 6, |inner| {
        let key = prop_oneof![
            any::<i64>().prop_map(Key::Int),
            ".{0,5}".prop_map(Key::Text)
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::btree_map(key, inner, 0..6).prop_map(|map| Value::Map(
                map.into_iter()
                    .map(|(key, value)| (key.into(), value))
                    .collect()
            )),
        ]
    })
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Text(String),
    Int(i64),
}

impl From<Key> for Value {
    fn from(key: Key) -> Self {
        match key {
            Key::Text(text) => text.into(),
            Key::Int(number) => number.into(),
        }
    }
}

proptest! {
    #[test]
    fn what_we_encode_we_accept_and_encode_the_same(value in value()) {
        let bytes = encode(value).unwrap();
        prop_assert_eq!(encode(decode(&bytes).unwrap()).unwrap(), bytes);
    }

    #[test]
    fn what_is_accepted_encodes_to_the_same_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        if let Ok(value) = decode(&bytes) {
            prop_assert_eq!(encode(value).unwrap(), bytes);
        }
    }

    #[test]
    fn a_flipped_bit_never_panics(value in value(), at in any::<prop::sample::Index>(), bit in 0..8) {
        let mut bytes = encode(value).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        let _ = decode(&bytes);
        let _ = decode(&bytes[..at]);
    }
}
