//! The authenticator extension output `uvm` (WebAuthn Level 2 section 10.3): how the user was verified.

use ciborium::Value;

use super::cbor_item;
use crate::authentication_server::Refusal;
use crate::user_verification::{Method, Methods};

/// Identifier of the extension, in the options and in authenticator data.
pub(super) const IDENTIFIER: &str = "uvm";

const MALFORMED: Refusal = Refusal::Failed("uvm is malformed");

/// The methods that extension data names, if it has the output. `extensions` are of authenticator data that was
/// parsed: one map in canonical CBOR, its keys text.
pub(in crate::authentication_server) fn read(
    extensions: Option<&[u8]>,
) -> Result<Option<Methods>, Refusal> {
    let Some(bytes) = extensions else {
        return Ok(None);
    };
    let (outputs, _) = cbor_item(bytes)?;
    let outputs = outputs.into_map().map_err(|_| MALFORMED)?;
    let named =
        |(key, output): (Value, Value)| (key.as_text() == Some(IDENTIFIER)).then_some(output);
    let Some(output) = outputs.into_iter().find_map(named) else {
        return Ok(None);
    };
    let list = output.into_array().map_err(|_| MALFORMED)?;
    let list: Option<Vec<Method>> = list.iter().map(method).collect();
    let methods = list.and_then(Methods::new).ok_or(MALFORMED)?;
    Ok(Some(methods))
}

/// Three unsigned integers, of four, two and two bytes at most.
fn method(entry: &Value) -> Option<Method> {
    let [method, key_protection, matcher_protection] = entry.as_array()?.as_slice() else {
        return None;
    };
    Some(Method {
        method: method.as_integer()?.try_into().ok()?,
        key_protection: key_protection.as_integer()?.try_into().ok()?,
        matcher_protection: matcher_protection.as_integer()?.try_into().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Extension data with `uvm` and these bytes as its output.
    fn output(bytes: &[u8]) -> Vec<u8> {
        [b"\xa1\x63uvm", bytes].concat()
    }

    fn text(bytes: &[u8]) -> Option<String> {
        let methods = read(Some(&output(bytes))).ok()??;
        Some(methods.to_text())
    }

    #[test]
    fn one_to_three_methods_are_read() {
        assert_eq!(text(b"\x81\x83\x02\x04\x02").unwrap(), "2.4.2");
        let three =
            b"\x83\x83\x10\x01\x01\x83\x00\x00\x00\x83\x1a\xff\xff\xff\xff\x19\xff\xff\x19\xff\xff";
        assert_eq!(text(three).unwrap(), "16.1.1,0.0.0,4294967295.65535.65535");
        // Beside another output.
        let more = b"\xa2\x63uvm\x81\x83\x02\x04\x02\x6bcredProtect\x03";
        assert_eq!(read(Some(more)).unwrap().unwrap().to_text(), "2.4.2");
    }

    #[test]
    fn without_the_output_there_are_none() {
        for extensions in [None, Some(b"\xa0".as_slice()), Some(b"\xa1\x63uvn\xf5")] {
            assert_eq!(read(extensions).unwrap(), None);
        }
    }

    #[test]
    fn another_shape_is_refused() {
        let four = [b"\x84".as_slice(), &b"\x83\x02\x04\x02".repeat(4)].concat();
        for bad in [
            b"\xf5".as_slice(),                                      // true
            b"\xf6",                                                 // null
            b"\x80",                                                 // no method
            &four,                                                   // four
            b"\x83\x02\x04\x02",                                     // not in a list
            b"\x81\x82\x02\x04",                                     // two numbers
            b"\x81\x84\x02\x04\x02\x00",                             // four numbers
            b"\x81\x83\x20\x04\x02",                                 // negative
            b"\x81\x83\x02\x04\x61a",                                // text
            b"\x81\x83\x1b\x00\x00\x00\x01\x00\x00\x00\x00\x04\x02", // five bytes
            b"\x81\x83\x02\x1a\x00\x01\x00\x00\x02",
            b"\x81\x83\x02\x04\x1a\x00\x01\x00\x00",
            b"\x81\xa1\x02\x04", // a map
        ] {
            let refused = read(Some(&output(bad)));
            assert!(
                matches!(refused, Err(Refusal::Failed("uvm is malformed"))),
                "{bad:02x?}"
            );
        }
    }
}
