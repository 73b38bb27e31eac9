//! Checks the lengths in an ONNX file (onnx.proto, and protobuf.dev, "Encoding") before it is parsed.
//!
//! The parser allocates a field by its stated length before it looks whether there are that many bytes,
//! and follows messages inside messages as deep as they go. Here both get an end.

/// The messages that the parser goes into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Message {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    ValueInfo,
    Type,
    TensorType,
    Shape,
    /// Has no message inside.
    Flat,
}

/// What a field of a message may hold.
enum Content {
    /// A number, text, bytes, or a list of numbers.
    Plain,
    Message(Message),
    /// What no network here has: a graph inside a node, a list of tensors as a type.
    Refused,
}

impl Message {
    /// By the field numbers of onnx.proto.
    fn content(self, field: u64) -> Content {
        match (self, field) {
            (Self::Model, 7) => Content::Message(Self::Graph),
            (Self::Model, 8 | 14) | (Self::Tensor, 13) | (Self::Shape, 1) => {
                Content::Message(Self::Flat)
            }
            (Self::Graph, 1) => Content::Message(Self::Node),
            (Self::Graph, 5) | (Self::Attribute, 5) => Content::Message(Self::Tensor),
            (Self::Graph, 11..=13) => Content::Message(Self::ValueInfo),
            (Self::Node, 5) => Content::Message(Self::Attribute),
            (Self::ValueInfo, 2) => Content::Message(Self::Type),
            (Self::Type, 1) => Content::Message(Self::TensorType),
            (Self::TensorType, 2) => Content::Message(Self::Shape),
            (Self::Attribute, 6) | (Self::Type, 4) => Content::Refused,
            _ => Content::Plain,
        }
    }
}

/// Whether every field of the file, at every depth, ends within the message that it belongs to.
pub(super) fn is_sound(onnx: &[u8]) -> bool {
    check(Message::Model, onnx).is_some()
}

fn check(kind: Message, mut message: &[u8]) -> Option<()> {
    while !message.is_empty() {
        let (tag, rest) = varint(message)?;
        // The lower three bits tell how the value is written, the others which field it is.
        message = match tag & 7 {
            0 => varint(rest)?.1,
            1 => rest.get(8..)?,
            2 => {
                let (length, rest) = varint(rest)?;
                let (value, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
                match kind.content(tag >> 3) {
                    Content::Plain => {}
                    Content::Message(inner) => check(inner, value)?,
                    Content::Refused => return None,
                }
                rest
            }
            5 => rest.get(4..)?,
            _ => return None,
        };
    }
    Some(())
}

/// A number of at most ten bytes with seven bits each, the lowest first.
fn varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(index + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_must_end_within_the_message() {
        // Field 1 a varint of two bytes, field 2 three bytes, field 3 of 4, field 4 of 8 bytes.
        let sound = [
            &[8, 0x96, 1, 18, 3, 1, 2, 3, 29, 1, 2, 3, 4, 33][..],
            &[0; 8],
        ]
        .concat();
        assert!(is_sound(&sound) && is_sound(&[]));
        let whole = [3, 8, 13, 22];
        for length in 1..sound.len() {
            let ends_a_field = whole.contains(&length);
            assert_eq!(is_sound(&sound[..length]), ends_a_field, "{length}");
        }
    }

    #[test]
    fn a_field_inside_must_end_within_its_own_message() {
        // Model field 7, the graph: its field 1, a node: its field 1, a name of two bytes.
        assert!(is_sound(&[58, 6, 10, 4, 10, 2, b'a', b'b']));
        assert!(!is_sound(&[58, 6, 10, 4, 10, 3, b'a', b'b']));
        assert!(!is_sound(&[58, 6, 10, 5, 10, 3, b'a', b'b']));
        // A node's field 5, an attribute: its field 6, a graph.
        assert!(!is_sound(&[58, 6, 10, 4, 42, 2, 50, 0]));
    }

    #[test]
    fn lengths_and_numbers_without_end_are_refused() {
        let longest = [18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1];
        assert!(!is_sound(&longest));
        assert!(!is_sound(&[0xff; 32]));
        assert!(!is_sound(&[11, 0]), "groups are not in use");
    }
}
