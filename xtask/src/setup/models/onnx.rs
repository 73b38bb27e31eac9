//! Writes an ONNX graph: nodes, and weights in blocks of 8-bit integers.
//!
//! The form is the one of the OpenCV zoo's `int8bq` files, so that one loader serves all: `DequantizeLinear`
//! of opset 21 along the last axis of a matrix, then `Reshape`.

use std::cell::RefCell;

use rten_onnx::onnx::{
    AttributeProto, AttributeType, DataType, Dimension, GraphProto, ModelProto, NodeProto,
    OperatorSetIdProto, TensorProto, TensorShapeProto, TypeProto, TypeProtoTensor, ValueInfoProto,
};

/// Weights that share one scale.
const BLOCK: usize = 64;

/// A graph in the making.
#[derive(Default)]
pub(super) struct Writer {
    graph: GraphProto,
}

impl Writer {
    /// Adds an operator.
    pub(super) fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attributes: Vec<AttributeProto>,
    ) {
        self.graph.node.push(NodeProto {
            input: inputs.iter().map(|name| (*name).to_owned()).collect(),
            output: vec![output.to_owned()],
            op_type: Some(operator.to_owned()),
            attribute: attributes,
            ..NodeProto::default()
        });
    }

    /// Adds floats as they are.
    pub(super) fn floats(&mut self, name: &str, dims: &[usize], values: &[f32]) -> Option<()> {
        let raw = values.iter().flat_map(|value| value.to_le_bytes());
        self.tensor(name, DataType::FLOAT, dims, raw.collect())
    }

    /// Adds weights in blocks of 8-bit integers; the first of `dims` counts the rows.
    pub(super) fn weights(&mut self, name: &str, dims: &[usize], values: &[f32]) -> Option<()> {
        let rows = *dims.first()?;
        let length = values.len().checked_div(rows)?;
        let quantised = quantise(values, length)?;
        let blocks = length.div_ceil(BLOCK);
        let part = |suffix: &str| format!("{name}_{suffix}");
        let [q, s, z] = ["quantized", "scales", "zero_point"].map(part);
        self.tensor(&q, DataType::INT8, &[rows, length], quantised.integers)?;
        self.floats(&s, &[rows, blocks], &quantised.scales)?;
        self.tensor(&z, DataType::INT8, &[rows, blocks], quantised.zero_points)?;
        let attributes = vec![integer("axis", 1), integer("block_size", signed(BLOCK)?)];
        if dims.len() == 2 {
            self.node("DequantizeLinear", &[&q, &s, &z], name, attributes);
            return Some(());
        }
        let (matrix, shape) = (part("dequantized"), part("shape"));
        self.node("DequantizeLinear", &[&q, &s, &z], &matrix, attributes);
        let sides: Option<Vec<i64>> = dims.iter().map(|side| signed(*side)).collect();
        let raw = sides?.into_iter().flat_map(i64::to_le_bytes).collect();
        self.tensor(&shape, DataType::INT64, &[dims.len()], raw)?;
        self.node("Reshape", &[&matrix, &shape], name, Vec::new());
        Some(())
    }

    /// Ends the graph: the bytes of the file.
    pub(super) fn finish(
        mut self,
        input: (&str, &[usize]),
        output: (&str, &[usize]),
    ) -> Option<Vec<u8>> {
        self.graph.input.push(value(input.0, input.1)?);
        self.graph.output.push(value(output.0, output.1)?);
        let model = ModelProto {
            ir_version: Some(10), // the first with opset 21
            graph: Some(self.graph),
            opset_import: vec![OperatorSetIdProto {
                domain: Some(String::new()),
                version: Some(21),
            }],
            ..ModelProto::default()
        };
        model.write_buf().ok()
    }

    fn tensor(&mut self, name: &str, kind: DataType, dims: &[usize], raw: Vec<u8>) -> Option<()> {
        let dims: Option<Vec<i64>> = dims.iter().map(|side| signed(*side)).collect();
        self.graph.initializer.push(TensorProto {
            dims: dims?,
            data_type: Some(kind),
            raw_data: Some(RefCell::new(raw)),
            name: Some(name.to_owned()),
            ..TensorProto::default()
        });
        Some(())
    }
}

/// An attribute with one integer.
pub(super) fn integer(name: &str, value: i64) -> AttributeProto {
    AttributeProto {
        name: Some(name.to_owned()),
        i: Some(value),
        r#type: Some(AttributeType::INT),
        ..AttributeProto::default()
    }
}

/// An attribute with a list of integers.
pub(super) fn integers(name: &str, values: Vec<i64>) -> AttributeProto {
    AttributeProto {
        name: Some(name.to_owned()),
        ints: values,
        r#type: Some(AttributeType::INTS),
        ..AttributeProto::default()
    }
}

fn value(name: &str, dims: &[usize]) -> Option<ValueInfoProto> {
    let dim = |side: &usize| {
        Some(Dimension {
            dim_value: Some(signed(*side)?),
            dim_param: None,
        })
    };
    let dims: Option<Vec<_>> = dims.iter().map(dim).collect();
    Some(ValueInfoProto {
        name: Some(name.to_owned()),
        r#type: Some(TypeProto {
            tensor_type: Some(TypeProtoTensor {
                elem_type: Some(DataType::FLOAT),
                shape: Some(TensorShapeProto { dim: dims? }),
            }),
            sequence: None,
        }),
    })
}

fn signed(side: usize) -> Option<i64> {
    i64::try_from(side).ok()
}

/// Weights as bytes of signed integers, and scale and zero point for each block of a row:
/// weight = (integer - zero point) * scale.
#[derive(Default)]
struct Quantised {
    integers: Vec<u8>,
    scales: Vec<f32>,
    zero_points: Vec<u8>,
}

/// Spreads each block's range, which always has zero in it, over the 256 integers.
#[allow(
    clippy::as_conversions,
    reason = "the conversion saturates, which is what is wanted"
)]
fn quantise(values: &[f32], length: usize) -> Option<Quantised> {
    if length == 0 || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut all = Quantised::default();
    for block in values.chunks(length).flat_map(|row| row.chunks(BLOCK)) {
        let lowest = block.iter().fold(0.0_f32, |low, value| low.min(*value));
        let highest = block.iter().fold(0.0_f32, |high, value| high.max(*value));
        let scale = (highest - lowest) / 255.0;
        // Any scale serves a block of zeros.
        let scale = if scale > 0.0 { scale } else { 1.0 };
        let zero_point = (-128.0 - lowest / scale).round();
        for value in block {
            let integer = (value / scale).round() + zero_point;
            all.integers.push((integer as i8).cast_unsigned());
        }
        all.scales.push(scale);
        all.zero_points.push((zero_point as i8).cast_unsigned());
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_with_the_row_and_restore_within_half_a_step() {
        let row: Vec<f32> = (0..66_u8)
            .map(|i| f32::from(i).sin() * f32::from(i))
            .collect();
        let values = [row, vec![0.0; 66]].concat();
        let all = quantise(&values, 66).unwrap();
        assert_eq!((all.scales.len(), all.zero_points.len()), (4, 4));
        for (at, value) in values.iter().enumerate() {
            let block = at / 66 * 2 + (at % 66) / BLOCK;
            let signed = |byte: u8| f32::from(byte.cast_signed());
            let steps = signed(all.integers[at]) - signed(all.zero_points[block]);
            let error = (steps * all.scales[block] - value).abs();
            assert!(error <= all.scales[block] * 0.501, "{at}: {error}");
        }
        assert!(
            all.integers[66..]
                .iter()
                .all(|byte| byte.cast_signed() == -128)
        );
    }

    #[test]
    fn what_is_not_finite_is_refused() {
        assert!(quantise(&[1.0, f32::NAN], 2).is_none());
        assert!(quantise(&[], 0).is_none());
    }
}
