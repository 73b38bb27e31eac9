//! Expands block-quantised weights (`DequantizeLinear` of opset 21 with `block_size`) to floats.
//!
//! The OpenCV zoo quantises along the last axis in blocks and restores the shape with a `Reshape`:
//! value = (quantised - zero point) * scale, one zero point and one scale per block.

use std::cell::RefCell;

use rten_onnx::onnx::{DataType, GraphProto, NodeProto, TensorProto};

/// Replaces every dequantised and reshaped weight by a plain float tensor. None when the graph uses a
/// form of quantisation that this does not know.
pub(super) fn expand_weights(graph: &mut GraphProto) -> Option<()> {
    for node in take_nodes(graph, "DequantizeLinear") {
        let tensor = dequantise(graph, &node)?;
        let [quantised, scales, zeros] = node.input.as_slice() else {
            return None;
        };
        let spent = [quantised, scales, zeros].map(|name| Some(name.clone()));
        graph
            .initializer
            .retain(|tensor| !spent.contains(&tensor.name));
        graph.initializer.push(tensor);
    }
    let (constant, other): (Vec<_>, Vec<_>) = take_nodes(graph, "Reshape")
        .into_iter()
        .partition(|node| node.input.iter().all(|name| find(graph, name).is_some()));
    for node in constant {
        let [data, shape] = node.input.as_slice() else {
            return None;
        };
        let dims = integers(find(graph, shape)?)?;
        let tensor = graph
            .initializer
            .iter_mut()
            .find(|t| t.name.as_ref() == Some(data))?;
        if dims.iter().product::<i64>() != tensor.dims.iter().product::<i64>() {
            return None;
        }
        tensor.dims = dims;
        tensor.name = node.output.first().cloned();
    }
    graph.node.extend(other);
    Some(())
}

/// Takes all nodes of one operator out of the graph. Order does not matter to the runtime.
fn take_nodes(graph: &mut GraphProto, operator: &str) -> Vec<NodeProto> {
    let is = |node: &NodeProto| node.op_type.as_deref() == Some(operator);
    let (taken, kept) = std::mem::take(&mut graph.node).into_iter().partition(is);
    graph.node = kept;
    taken
}

fn find<'a>(graph: &'a GraphProto, name: &str) -> Option<&'a TensorProto> {
    graph
        .initializer
        .iter()
        .find(|tensor| tensor.name.as_deref() == Some(name))
}

fn dequantise(graph: &GraphProto, node: &NodeProto) -> Option<TensorProto> {
    let [quantised, scales, zeros] = node.input.as_slice() else {
        return None;
    };
    let (quantised, scales, zeros) = (
        find(graph, quantised)?,
        find(graph, scales)?,
        find(graph, zeros)?,
    );
    let attribute = |name: &str| {
        let found = node
            .attribute
            .iter()
            .find(|a| a.name.as_deref() == Some(name))?;
        usize::try_from(found.i?).ok()
    };
    let block = attribute("block_size")?;
    if attribute("axis")? + 1 != quantised.dims.len() || block == 0 {
        return None;
    }
    let length = usize::try_from(*quantised.dims.last()?).ok()?;
    let (values, zeros) = (bytes(quantised)?, bytes(zeros)?);
    let scales = floats(scales)?;
    let blocks_in_row = length.div_ceil(block);
    if length == 0
        || values.len() / length * blocks_in_row != scales.len()
        || scales.len() != zeros.len()
    {
        return None;
    }
    let mut expanded = Vec::with_capacity(values.len() * 4);
    let mut parameters = scales.iter().zip(&zeros);
    for row in values.chunks_exact(length) {
        for block in row.chunks(block) {
            let (scale, zero) = parameters.next()?;
            for value in block {
                let steps = i16::from(value.cast_signed()) - i16::from(zero.cast_signed());
                expanded.extend_from_slice(&(f32::from(steps) * scale).to_le_bytes());
            }
        }
    }
    Some(TensorProto {
        dims: quantised.dims.clone(),
        data_type: Some(DataType::FLOAT),
        raw_data: Some(RefCell::new(expanded)),
        name: node.output.first().cloned(),
        ..TensorProto::default()
    })
}

fn bytes(tensor: &TensorProto) -> Option<Vec<u8>> {
    let raw = tensor.raw_data.as_ref()?.borrow();
    (tensor.data_type == Some(DataType::INT8)).then(|| raw.clone())
}

fn floats(tensor: &TensorProto) -> Option<Vec<f32>> {
    if tensor.data_type != Some(DataType::FLOAT) {
        return None;
    }
    let Some(raw) = &tensor.raw_data else {
        return Some(tensor.float_data.clone());
    };
    let raw = raw.borrow();
    Some(
        raw.chunks_exact(4)
            .filter_map(|c| c.try_into().ok())
            .map(f32::from_le_bytes)
            .collect(),
    )
}

fn integers(tensor: &TensorProto) -> Option<Vec<i64>> {
    if tensor.data_type != Some(DataType::INT64) {
        return None;
    }
    let raw = tensor.raw_data.as_ref()?.borrow();
    Some(
        raw.chunks_exact(8)
            .filter_map(|c| c.try_into().ok())
            .map(i64::from_le_bytes)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use rten_onnx::onnx::AttributeProto;

    fn tensor(name: &str, data_type: DataType, dims: &[i64], raw: Vec<u8>) -> TensorProto {
        TensorProto {
            dims: dims.to_vec(),
            data_type: Some(data_type),
            raw_data: Some(RefCell::new(raw)),
            name: Some(name.into()),
            ..TensorProto::default()
        }
    }

    fn attribute(name: &str, i: i64) -> AttributeProto {
        AttributeProto {
            name: Some(name.into()),
            i: Some(i),
            ..AttributeProto::default()
        }
    }

    fn node(operator: &str, input: &[&str], output: &str) -> NodeProto {
        NodeProto {
            op_type: Some(operator.into()),
            input: input.iter().map(|name| (*name).to_owned()).collect(),
            output: vec![output.into()],
            attribute: vec![attribute("block_size", 2), attribute("axis", 1)],
            ..NodeProto::default()
        }
    }

    /// Two rows of three values in blocks of two, the second block of a row being short.
    fn graph() -> GraphProto {
        let le = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect();
        GraphProto {
            node: vec![
                node("DequantizeLinear", &["q", "s", "z"], "d"),
                node("Reshape", &["d", "shape"], "w"),
                node("Reshape", &["x", "shape"], "y"),
            ],
            initializer: vec![
                tensor("q", DataType::INT8, &[2, 3], vec![1, 255, 127, 128, 0, 3]),
                tensor("s", DataType::FLOAT, &[2, 2], le(&[0.5, 2.0, 1.0, 4.0])),
                tensor("z", DataType::INT8, &[2, 2], vec![0, 127, 0, 1]),
                tensor(
                    "shape",
                    DataType::INT64,
                    &[2],
                    [3_i64, 2].iter().flat_map(|v| v.to_le_bytes()).collect(),
                ),
            ],
            ..GraphProto::default()
        }
    }

    #[test]
    fn blocks_are_expanded_by_hand() {
        let mut graph = graph();
        expand_weights(&mut graph).unwrap();
        let weight = find(&graph, "w").unwrap();
        assert_eq!(weight.dims, [3, 2]);
        assert_eq!(floats(weight).unwrap(), [0.5, -0.5, 0.0, -128.0, 0.0, 8.0]);
        assert_eq!(graph.initializer.len(), 2, "the quantised tensors are gone");
        let left: Vec<_> = graph.node.iter().filter_map(|n| n.output.first()).collect();
        assert_eq!(left, ["y"], "a reshape of a computed value stays");
    }

    #[test]
    fn unknown_forms_are_refused() {
        let mut other_axis = graph();
        other_axis.node[0].attribute[1].i = Some(0);
        assert!(expand_weights(&mut other_axis).is_none());
        let mut short = graph();
        short.initializer[1].raw_data = Some(RefCell::new(vec![0; 4]));
        assert!(expand_weights(&mut short).is_none());
        let mut shape = graph();
        shape.initializer[3].raw_data = Some(RefCell::new(vec![0; 16]));
        assert!(expand_weights(&mut shape).is_none());
    }
}
