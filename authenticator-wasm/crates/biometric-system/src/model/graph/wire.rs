//! Lengths of a protobuf file, checked before the parser sees it.
//!
//! The parser that the runtime brings believes lengths: one beyond its message makes it read on outside, ask for
//! that much memory, or go back and begin again without end (found by fuzzing). Nesting is followed without limit.

/// Deepest nesting of messages. A plain graph has seven: model, graph, value, type, tensor type, shape, dimension.
const DEPTH: u8 = 8;

/// The messages of `onnx.proto` that hold others.
#[derive(Clone, Copy)]
enum Message {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    Value,
    Type,
    TensorType,
    Sequence,
    Shape,
    Leaf,
}

impl Message {
    /// What the field of this number holds; None for text, bytes and packed numbers.
    const fn field(self, number: u64) -> Option<Self> {
        match (self, number) {
            (Self::Model, 7) | (Self::Attribute, 6) => Some(Self::Graph),
            (Self::Model, 8 | 14) | (Self::Tensor, 13) | (Self::Shape, 1) => Some(Self::Leaf),
            (Self::Graph, 1) => Some(Self::Node),
            (Self::Graph, 5) | (Self::Attribute, 5) => Some(Self::Tensor),
            (Self::Graph, 11..=13) => Some(Self::Value),
            (Self::Node, 5) => Some(Self::Attribute),
            (Self::Value, 2) | (Self::Sequence, 1) => Some(Self::Type),
            (Self::Type, 1) => Some(Self::TensorType),
            (Self::Type, 4) => Some(Self::Sequence),
            (Self::TensorType, 2) => Some(Self::Shape),
            _ => None,
        }
    }
}

/// Some when every length of an ONNX file lies within the message that it stands in.
pub(super) fn check(onnx: &[u8]) -> Option<()> {
    message(onnx, Message::Model, DEPTH)
}

fn message(mut rest: &[u8], kind: Message, depth: u8) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    while !rest.is_empty() {
        let tag = varint(&mut rest)?;
        let length = match tag & 7 {
            0 => {
                varint(&mut rest)?;
                continue;
            }
            1 => 8,
            2 => usize::try_from(varint(&mut rest)?).ok()?,
            5 => 4,
            _ => return None,
        };
        let (content, after) = rest.split_at_checked(length)?;
        if let (2, Some(inner)) = (tag & 7, kind.field(tag >> 3)) {
            message(content, inner, depth)?;
        }
        rest = after;
    }
    Some(())
}

/// A number of up to 64 bits, seven to a byte, the lowest first.
fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        let part = u64::from(byte & 0x7f);
        value |= part
            .checked_shl(shift)
            .filter(|moved| moved >> shift == part)?;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field of a length, with that length or another one in front.
    fn field(number: u8, length: &[u8], content: &[u8]) -> Vec<u8> {
        [&[number << 3 | 2], length, content].concat()
    }

    fn nested(kinds: &[u8]) -> Vec<u8> {
        kinds.iter().rev().fold(Vec::new(), |content, number| {
            field(*number, &[u8::try_from(content.len()).unwrap()], &content)
        })
    }

    #[test]
    fn a_length_within_its_message_passes() {
        // graph, value, type, tensor type, shape, dimension, name of the dimension
        assert!(check(&nested(&[7, 11, 2, 1, 2, 1, 2])).is_some());
        assert!(check(&[0x08, 0x96, 0x01, 0x09, 0, 0, 0, 0, 0, 0, 0, 0]).is_some());
        assert!(check(&[]).is_some());
    }

    #[test]
    fn a_length_beyond_its_message_or_beyond_all_is_refused() {
        let inner = field(1, &[9], b"node"); // in the graph, and five bytes too long
        let graph = field(7, &[6], &inner);
        assert!(check(&[graph.clone(), vec![0x08; 20]].concat()).is_none());
        // 2^64 - 3: taken as a signed number, it leads back to its own beginning.
        let back = [0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert!(check(&field(2, &back, b"")).is_none());
        let too_large = [0xff; 10];
        assert!(check(&field(2, &too_large, b"")).is_none());
        assert!(check(&[0x0b]).is_none(), "a group");
        assert!(check(&[0x80]).is_none(), "a number cut short");
    }

    #[test]
    fn nesting_has_an_end() {
        let turns = |times: usize| nested(&[&[7, 1][..], &[5, 6, 1].repeat(times)].concat());
        assert!(check(&turns(1)).is_some());
        assert!(check(&turns(9)).is_none());
        let sequences = |times: usize| nested(&[&[7, 11, 2][..], &[4, 1].repeat(times)].concat());
        assert!(check(&sequences(2)).is_some());
        assert!(check(&sequences(30)).is_none());
    }
}
