//! The authenticator extension output `mienPad` (WebAuthn Level 3 section 9; the extension is ours): which
//! layers of presentation attack detection the person passed, and the hash of the look's transcript.
//!
//! It stands in authenticator data, so the credential's key signs it.

use ciborium::Value;

use super::{canonical_cbor, cbor_item, uvm};
use crate::authentication_server::Refusal;
use crate::presentation_attack_detection::{Layer, Layers};

/// Identifier of the extension, in the options and in authenticator data.
pub(super) const IDENTIFIER: &str = "mienPad";

/// Outputs that may stand beside it: `uvm` is read where that of others is, and the other two (CTAP 2.1, 12.1 and
/// 12.5) say what the authenticator does with the credential, which nothing here depends on.
const BESIDE: [&str; 3] = [uvm::IDENTIFIER, "credProtect", "hmac-secret"];

const LAYERS: &str = "layers";
const TRANSCRIPT: &str = "transcript";

/// The layers that the extension data names, `required` among them.
pub(in crate::authentication_server) fn require(
    extensions: Option<&[u8]>,
    required: &Layers,
) -> Result<Layers, Refusal> {
    let layers = layers(extensions)?;
    if layers.include(required) {
        Ok(layers)
    } else {
        Err(Refusal::Failed("a required layer was not passed"))
    }
}

/// Reads the extension data of an authenticator of ours: exactly
/// `{"mienPad": {"layers": [text…], "transcript": bytes(32)}}` in the canonical CBOR of CTAP2, at most with
/// some of [`BESIDE`], and nothing else.
fn layers(extensions: Option<&[u8]>) -> Result<Layers, Refusal> {
    let bytes = extensions.ok_or(Refusal::Failed("no mienPad in authenticator data"))?;
    let malformed = || Refusal::Failed("mienPad is malformed");
    // The decoder takes more than the canonical form.
    if canonical_cbor::map(bytes) != Some((bytes, &[])) {
        return Err(Refusal::Failed("mienPad is not canonical"));
    }
    let (outputs, _) = cbor_item(bytes)?;
    let beside = |identifier: &Value| identifier.as_text().is_some_and(|id| BESIDE.contains(&id));
    let mut own = entries(&outputs)?.iter().filter(|(id, _)| !beside(id));
    let (Some((identifier, output)), None) = (own.next(), own.next()) else {
        return Err(malformed());
    };
    let [(first, list), (second, transcript)] = entries(output)? else {
        return Err(malformed());
    };
    let keys = [identifier, first, second].map(Value::as_text);
    if keys != [IDENTIFIER, LAYERS, TRANSCRIPT].map(Some) {
        return Err(malformed());
    }
    if transcript.as_bytes().ok_or_else(malformed)?.len() != 32 {
        return Err(malformed());
    }
    let named = list.as_array().ok_or_else(malformed)?.iter();
    let list: Option<Vec<Layer>> = named.map(|name| name.as_text()?.parse().ok()).collect();
    let list = list.ok_or(Refusal::Failed("mienPad names an unknown layer"))?;
    Layers::without_repeats(list).ok_or(Refusal::Failed("mienPad names a layer twice"))
}

fn entries(value: &Value) -> Result<&[(Value, Value)], Refusal> {
    let map = value.as_map().map(Vec::as_slice);
    map.ok_or(Refusal::Failed("mienPad is malformed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Byte by byte, so that no encoder is its own witness.
    fn output(layers: &[&str], transcript: &[u8]) -> Vec<u8> {
        let mut out = b"\xa1\x67mienPad\xa2\x66layers".to_vec();
        out.push(0x80 + u8::try_from(layers.len()).unwrap());
        for name in layers {
            out.push(0x60 + u8::try_from(name.len()).unwrap());
            out.extend(name.as_bytes());
        }
        out.extend(b"\x6atranscript\x58");
        out.push(u8::try_from(transcript.len()).unwrap());
        out.extend(transcript);
        out
    }

    fn good() -> Vec<u8> {
        output(&["texture", "head-turn"], &[7; 32])
    }

    fn passes(bytes: &[u8]) -> bool {
        layers(Some(bytes)).is_ok()
    }

    #[test]
    fn the_layers_are_read() {
        let read = |list: &[&str]| layers(Some(&output(list, &[7; 32]))).map(|set| set.names());
        assert_eq!(
            read(&["texture", "head-turn"]).unwrap(),
            ["texture", "head-turn"]
        );
        assert_eq!(read(&["texture", "head-turn", "light"]).unwrap().len(), 3);
        assert!(read(&[]).unwrap().is_empty());
    }

    #[test]
    fn what_is_missing_forged_repeated_or_too_much_is_refused() {
        assert!(layers(None).is_err());
        assert!(!passes(&[0xa0]), "an empty map");
        for list in [
            &["level-1"][..],
            &["Texture"],
            &["texture", "texture"],
            &["texture", "head-turn", "light", "light"],
        ] {
            assert!(!passes(&output(list, &[7; 32])), "{list:?}");
        }
        for length in [0, 31, 33, 64] {
            assert!(!passes(&output(&["texture"], &vec![7; length])), "{length}");
        }
        let entry = &good()[1..];
        let twice = [&[0xa2], entry, entry].concat();
        assert!(!passes(&twice), "the identifier twice");
        let more = [&[0xa2], entry, b"\x61x\xf5".as_slice()].concat();
        assert!(!passes(&more), "another output beside it");
        let uvm = b"\x63uvm\x81\x83\x10\x01\x01".as_slice();
        assert!(passes(&[&[0xa2], uvm, entry].concat()), "uvm beside it");
        assert!(!passes(&[&[0xa1], uvm].concat()), "uvm alone");
        let after = b"\x6bcredProtect\x03\x6bhmac-secret\xf5".as_slice();
        let all = [&[0xa4], uvm, entry, after].concat();
        assert!(passes(&all), "all that may be beside it");
        assert!(!passes(&[&[0xa3], uvm, after].concat()), "all but it");
        for end in 0..good().len() {
            assert!(!passes(&good()[..end]), "cut at {end}");
        }
        assert!(!passes(&[good(), vec![0]].concat()), "a byte behind it");
    }

    #[test]
    fn another_encoding_of_the_same_content_is_refused() {
        let good = good();
        assert!(passes(&good));
        let replaced = |from: &[u8], to: &[u8]| {
            let at = good.windows(from.len()).position(|part| part == from);
            let at = at.expect("the part is there");
            [&good[..at], to, &good[at + from.len()..]].concat()
        };
        // A longer head, indefinite lengths, the keys in the other order.
        assert!(!passes(&replaced(b"\x66layers", b"\x78\x06layers")));
        assert!(!passes(&replaced(
            b"\x82\x67texture",
            b"\x98\x02\x67texture"
        )));
        assert!(!passes(&replaced(b"\xa1\x67mienPad", b"\xbf\x67mienPad")));
        let list = b"\x66layers\x82\x67texture\x69head-turn";
        let transcript = [b"\x6atranscript\x58\x20".as_slice(), &[7; 32]].concat();
        let other_order = [b"\xa1\x67mienPad\xa2".as_slice(), &transcript, list].concat();
        assert!(!passes(&other_order));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            prop_assert!(layers(Some(&bytes)).is_err());
        }

        /// A changed byte is refused, or it is in the transcript, which no server can judge.
        #[test]
        fn a_changed_byte_is_refused(at in 0..74_usize, mask in 1..=255_u8) {
            let mut bytes = good();
            prop_assume!(at < bytes.len() - 32);
            bytes[at] ^= mask;
            prop_assert!(!passes(&bytes));
        }
    }
}
