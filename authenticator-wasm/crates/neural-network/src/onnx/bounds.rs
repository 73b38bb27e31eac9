//! Bounds for the numbers in a graph, so that no arithmetic on sizes that follows can overflow.

use rten_onnx::onnx::{DataLocation, DataType, GraphProto, NodeProto, TensorProto};

/// No weight has more elements, and no size or attribute is larger: four times all models together.
const MOST: i64 = 1 << 26;
/// Weights up to this many elements may be sizes or scales, so their values have bounds too.
const FEW: i64 = 64;

/// Whether all sizes, types and attributes are such as a network for pictures may have.
pub(super) fn hold(graph: &GraphProto) -> bool {
    graph
        .initializer
        .iter()
        .all(|tensor| tensor_holds(tensor).is_some())
        && graph.node.iter().all(node_holds)
}

fn tensor_holds(tensor: &TensorProto) -> Option<()> {
    let elements = tensor.dims.iter().try_fold(1_i64, |all, side| {
        let product = all.checked_mul(*side)?;
        ((0..=MOST).contains(side) && product <= MOST).then_some(product)
    })?;
    let inside = tensor.external_data.is_empty()
        && tensor
            .data_location
            .is_none_or(|place| place == DataLocation::DEFAULT);
    inside.then_some(())?;
    let size = match tensor.data_type? {
        DataType::FLOAT => 4,
        DataType::INT64 => 8,
        DataType::INT8 => 1,
        _ => return None,
    };
    let others = [tensor.int32_data.len(), tensor.double_data.len()];
    let lists = [tensor.float_data.len(), tensor.int64_data.len()];
    let listed: usize = lists.iter().sum();
    (others == [0, 0]).then_some(())?;
    match &tensor.raw_data {
        Some(raw) => {
            let raw = raw.borrow();
            let whole = i64::try_from(raw.len()).ok()? == elements * size && listed == 0;
            (whole && (elements > FEW || values_hold(tensor.data_type?, &raw))).then_some(())
        }
        None => {
            let bounded = tensor.float_data.iter().all(|value| float_holds(*value))
                && tensor.int64_data.iter().all(|value| int_holds(*value));
            let right = match tensor.data_type? {
                DataType::FLOAT => lists == [listed, 0],
                DataType::INT64 => lists == [0, listed],
                _ => false,
            };
            (bounded && right && i64::try_from(listed).ok()? == elements).then_some(())
        }
    }
}

fn values_hold(kind: DataType, raw: &[u8]) -> bool {
    match kind {
        DataType::FLOAT => {
            let mut all = raw.as_chunks().0.iter().copied().map(f32::from_le_bytes);
            all.all(float_holds)
        }
        DataType::INT64 => {
            let mut all = raw.as_chunks().0.iter().copied().map(i64::from_le_bytes);
            all.all(int_holds)
        }
        _ => true,
    }
}

fn node_holds(node: &NodeProto) -> bool {
    node.attribute.iter().all(|attribute| {
        attribute
            .ints
            .iter()
            .chain(&attribute.i)
            .all(|value| int_holds(*value))
            && attribute
                .floats
                .iter()
                .chain(&attribute.f)
                .all(|value| float_holds(*value))
    })
}

fn int_holds(value: i64) -> bool {
    (-MOST..=MOST).contains(&value)
}

/// 2^26 is a float.
fn float_holds(value: f32) -> bool {
    value.abs() <= 67_108_864.0
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use rten_onnx::onnx::AttributeProto;

    fn tensor(kind: DataType, dims: &[i64], raw: Vec<u8>) -> TensorProto {
        TensorProto {
            dims: dims.to_vec(),
            data_type: Some(kind),
            raw_data: Some(RefCell::new(raw)),
            ..TensorProto::default()
        }
    }

    fn holds(tensor: TensorProto) -> bool {
        hold(&GraphProto {
            initializer: vec![tensor],
            ..GraphProto::default()
        })
    }

    #[test]
    fn data_must_be_as_long_as_the_sides_say() {
        assert!(holds(tensor(DataType::FLOAT, &[2, 3], vec![0; 24])));
        assert!(!holds(tensor(DataType::FLOAT, &[2, 3], vec![0; 23])));
        assert!(!holds(tensor(DataType::INT64, &[2, 3], vec![0; 24])));
        assert!(!holds(tensor(DataType::INT32, &[2, 3], vec![0; 24])));
        assert!(!holds(tensor(DataType::FLOAT, &[-2, -3], vec![0; 24])));
        assert!(!holds(tensor(
            DataType::FLOAT,
            &[0, i64::MAX, i64::MAX],
            vec![]
        )));
        assert!(!holds(tensor(DataType::FLOAT, &[1 << 14, 1 << 13], vec![])));
    }

    #[test]
    fn sizes_and_scales_have_bounds() {
        let size = |value: i64| tensor(DataType::INT64, &[1], value.to_le_bytes().to_vec());
        assert!(holds(size(-1)) && holds(size(MOST)));
        assert!(!holds(size(MOST + 1)) && !holds(size(i64::MIN)));
        let scale = |value: f32| tensor(DataType::FLOAT, &[], value.to_le_bytes().to_vec());
        assert!(holds(scale(2.0)) && !holds(scale(1e30)) && !holds(scale(f32::NAN)));
    }

    #[test]
    fn attributes_have_bounds() {
        let graph = |value: i64| GraphProto {
            node: vec![NodeProto {
                attribute: vec![AttributeProto {
                    ints: vec![1, value],
                    ..AttributeProto::default()
                }],
                ..NodeProto::default()
            }],
            ..GraphProto::default()
        };
        assert!(hold(&graph(3)) && !hold(&graph(i64::MAX)));
    }
}
