//! The numbers that come with the file: plain floats, integers, and weights in blocks of 8-bit integers
//! (`DequantizeLinear` of opset 21 with `block_size`), which are expanded only when they are wanted.
//!
//! The OpenCV zoo quantises along the last axis in blocks and restores the shape with a `Reshape`:
//! value = (quantised - zero point) * scale, one zero point and one scale per block.

use std::collections::HashMap;

use rten_onnx::onnx::{DataType, NodeProto, TensorProto};

use super::Attributes;

/// Constants by name.
#[derive(Default)]
pub(crate) struct Constants(HashMap<String, Constant>);

struct Constant {
    dims: Vec<usize>,
    values: Values,
}

enum Values {
    Floats(Vec<f32>),
    Integers(Vec<i64>),
    Bytes(Vec<u8>),
    Blocks(Blocks),
}

/// Rows of `length` bytes; each `block` of a row has a scale and a zero point.
pub(crate) struct Blocks {
    bytes: Vec<u8>,
    scales: Vec<f32>,
    zeros: Vec<u8>,
    length: usize,
    block: usize,
}

impl Constants {
    /// Keeps a tensor of a kind that any network here uses; others are missed when they are asked for.
    pub(crate) fn add(&mut self, tensor: TensorProto) {
        let name = tensor.name.clone().unwrap_or_default();
        if let Some(constant) = Constant::read(tensor) {
            self.0.insert(name, constant);
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn dims(&self, name: &str) -> Option<&[usize]> {
        self.0.get(name).map(|constant| constant.dims.as_slice())
    }

    /// The floats of a constant.
    pub(crate) fn floats(&self, name: &str) -> Option<Vec<f32>> {
        match &self.0.get(name)?.values {
            Values::Floats(values) => Some(values.clone()),
            Values::Blocks(blocks) => {
                Some((0..blocks.bytes.len()).map(|at| blocks.get(at)).collect())
            }
            Values::Integers(_) | Values::Bytes(_) => None,
        }
    }

    /// Weights, once: the constant is gone afterwards, so that it is not held twice.
    pub(crate) fn take(&mut self, name: &str) -> Option<Weights> {
        match self.0.remove(name)?.values {
            Values::Floats(values) => Some(Weights::Floats(values)),
            Values::Blocks(blocks) => Some(Weights::Blocks(blocks)),
            Values::Integers(_) | Values::Bytes(_) => None,
        }
    }

    /// Takes out the nodes that only make constants of constants. None when one is of an unknown form.
    pub(crate) fn take_constant_nodes(&mut self, nodes: Vec<NodeProto>) -> Option<Vec<NodeProto>> {
        let kind = |node: &NodeProto| node.op_type.clone().unwrap_or_default();
        let (constant, nodes): (Vec<_>, Vec<_>) =
            nodes.into_iter().partition(|node| kind(node) == "Constant");
        for node in constant {
            let value = Attributes(&node).find("value")?.t.clone()?;
            let name = node.output.first().cloned();
            self.add(TensorProto { name, ..value });
        }
        let (quantised, nodes): (Vec<_>, Vec<_>) = nodes
            .into_iter()
            .partition(|node| kind(node) == "DequantizeLinear");
        for node in quantised {
            self.dequantise(&node)?;
        }
        let (constant, nodes): (Vec<_>, Vec<_>) = nodes.into_iter().partition(|node| {
            kind(node) == "Reshape" && node.input.iter().all(|name| self.has(name))
        });
        for node in constant {
            self.reshape(&node)?;
        }
        Some(nodes)
    }

    fn dequantise(&mut self, node: &NodeProto) -> Option<()> {
        let [bytes, scales, zeros] = node.input.as_slice() else {
            return None;
        };
        let attributes = Attributes(node);
        let block = usize::try_from(attributes.integer("block_size")?).ok()?;
        let axis = usize::try_from(attributes.integer("axis")?).ok()?;
        let Constant { dims, values } = self.0.remove(bytes)?;
        let (Values::Bytes(bytes), Values::Bytes(zeros)) = (values, self.0.remove(zeros)?.values)
        else {
            return None;
        };
        let Values::Floats(scales) = self.0.remove(scales)?.values else {
            return None;
        };
        let length = *dims.last()?;
        if axis + 1 != dims.len() || block == 0 || length == 0 {
            return None;
        }
        let blocks = bytes.len() / length * length.div_ceil(block);
        if blocks != scales.len() || blocks != zeros.len() {
            return None;
        }
        let values = Values::Blocks(Blocks {
            bytes,
            scales,
            zeros,
            length,
            block,
        });
        let name = node.output.first()?.clone();
        self.0.insert(name, Constant { dims, values });
        Some(())
    }

    fn reshape(&mut self, node: &NodeProto) -> Option<()> {
        let [data, shape] = node.input.as_slice() else {
            return None;
        };
        let Values::Integers(shape) = &self.0.get(shape)?.values else {
            return None;
        };
        let dims: Option<Vec<usize>> = shape
            .iter()
            .map(|&side| usize::try_from(side).ok())
            .collect();
        let dims = dims?;
        let mut constant = self.0.remove(data)?;
        if dims.iter().product::<usize>() != constant.dims.iter().product::<usize>() {
            return None;
        }
        constant.dims = dims;
        self.0.insert(node.output.first()?.clone(), constant);
        Some(())
    }
}

impl Constant {
    /// None for kinds of numbers that no network here uses, or when there are not as many as the shape says.
    fn read(tensor: TensorProto) -> Option<Self> {
        let dims: Option<Vec<usize>> = tensor
            .dims
            .iter()
            .map(|&side| usize::try_from(side).ok())
            .collect();
        let dims = dims?;
        let count = dims
            .iter()
            .try_fold(1_usize, |all, side| all.checked_mul(*side))?;
        let raw = tensor.raw_data.map(std::cell::RefCell::into_inner);
        let (values, found) = match (tensor.data_type?, raw) {
            (DataType::FLOAT, None) => {
                let found = tensor.float_data.len();
                (Values::Floats(tensor.float_data), found)
            }
            (DataType::FLOAT, Some(raw)) => {
                let (words, _) = raw.as_chunks();
                let values: Vec<_> = words.iter().map(|&word| f32::from_le_bytes(word)).collect();
                let found = values.len();
                (Values::Floats(values), found)
            }
            (DataType::INT64, Some(raw)) => {
                let (words, _) = raw.as_chunks();
                let values: Vec<_> = words.iter().map(|&word| i64::from_le_bytes(word)).collect();
                let found = values.len();
                (Values::Integers(values), found)
            }
            (DataType::INT8, Some(raw)) => {
                let found = raw.len();
                (Values::Bytes(raw), found)
            }
            _ => return None,
        };
        (found == count).then_some(Self { dims, values })
    }
}

/// Weights in the order of the file, each expanded when it is asked for: all of them would take four times the memory.
pub(crate) enum Weights {
    Floats(Vec<f32>),
    Blocks(Blocks),
}

impl Weights {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Floats(values) => values.len(),
            Self::Blocks(blocks) => blocks.bytes.len(),
        }
    }

    /// Zero beyond the end.
    #[inline]
    pub(crate) fn get(&self, at: usize) -> f32 {
        match self {
            Self::Floats(values) => values.get(at).copied().unwrap_or_default(),
            Self::Blocks(blocks) => blocks.get(at),
        }
    }
}

impl Blocks {
    #[inline]
    fn get(&self, at: usize) -> f32 {
        let (row, column) = (at / self.length, at % self.length);
        let block = row * self.length.div_ceil(self.block) + column / self.block;
        let parameters = (
            self.bytes.get(at),
            self.zeros.get(block),
            self.scales.get(block),
        );
        let (Some(value), Some(zero), Some(scale)) = parameters else {
            return 0.0;
        };
        f32::from(i16::from(value.cast_signed()) - i16::from(zero.cast_signed())) * scale
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use rten_onnx::onnx::AttributeProto;

    use super::*;

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

    fn node(operator: &str, input: &[&str], output: &str, axis: i64) -> NodeProto {
        NodeProto {
            op_type: Some(operator.into()),
            input: input.iter().map(|name| (*name).to_owned()).collect(),
            output: vec![output.into()],
            attribute: vec![attribute("block_size", 2), attribute("axis", axis)],
            ..NodeProto::default()
        }
    }

    /// Two rows of three values in blocks of two, the second block of a row being short.
    fn constants(scales: &[f32]) -> Constants {
        let mut constants = Constants::default();
        let le = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect();
        let shape = [3_i64, 2].iter().flat_map(|v| v.to_le_bytes()).collect();
        let rows = i64::try_from(scales.len() / 2).unwrap();
        for tensor in [
            tensor("q", DataType::INT8, &[2, 3], vec![1, 255, 127, 128, 0, 3]),
            tensor("s", DataType::FLOAT, &[rows, 2], le(scales)),
            tensor("z", DataType::INT8, &[2, 2], vec![0, 127, 0, 1]),
            tensor("shape", DataType::INT64, &[2], shape),
        ] {
            constants.add(tensor);
        }
        constants
    }

    fn nodes(axis: i64) -> Vec<NodeProto> {
        vec![
            node("DequantizeLinear", &["q", "s", "z"], "d", axis),
            node("Reshape", &["d", "shape"], "w", 0),
            node("Reshape", &["x", "shape"], "y", 0),
        ]
    }

    #[test]
    fn blocks_are_expanded_by_hand() {
        let mut constants = constants(&[0.5, 2.0, 1.0, 4.0]);
        let left = constants.take_constant_nodes(nodes(1)).unwrap();
        let outputs: Vec<_> = left.iter().filter_map(|node| node.output.first()).collect();
        assert_eq!(outputs, ["y"], "a reshape of a computed value stays");
        assert_eq!(constants.dims("w"), Some([3, 2].as_slice()));
        let right = vec![0.5, -0.5, 0.0, -128.0, 0.0, 8.0];
        assert_eq!(constants.floats("w"), Some(right.clone()));
        let weights = constants.take("w").unwrap();
        let taken: Vec<f32> = (0..weights.len()).map(|at| weights.get(at)).collect();
        assert_eq!(taken, right);
        assert_eq!(weights.get(6), 0.0);
        assert!(!constants.has("w") && !constants.has("d") && !constants.has("q"));
    }

    #[test]
    fn unknown_forms_are_refused() {
        let whole = [0.5, 2.0, 1.0, 4.0];
        assert!(constants(&whole).take_constant_nodes(nodes(0)).is_none());
        assert!(
            constants(&whole[..2])
                .take_constant_nodes(nodes(1))
                .is_none()
        );
    }

    #[test]
    fn a_tensor_with_more_or_fewer_numbers_than_its_shape_is_missed() {
        let mut constants = Constants::default();
        constants.add(tensor("a", DataType::FLOAT, &[2], vec![0; 12]));
        constants.add(tensor(
            "b",
            DataType::FLOAT,
            &[i64::MAX, i64::MAX],
            vec![0; 12],
        ));
        constants.add(tensor("c", DataType::FLOAT, &[-1], vec![0; 12]));
        assert!(!["a", "b", "c"].iter().any(|name| constants.has(name)));
    }
}
