//! Rounds the weights of the extractor's largest layers more coarsely, so that the file compresses to half.
//!
//! The file stays what it was, weights in blocks of 8-bit integers. But the zoo spreads each block over all 256
//! integers, which no compressor can shorten. Here a layer has one step for all blocks (uniform quantisation;
//! with an entropy coder behind it no scalar quantiser does much better at the same error), so that small
//! integers are frequent, and the coder of Brotli needs about 3.6 bits for a weight of the last layer.
//! Deterministic, so that the file has a digest which can be pinned.

use std::cell::RefCell;
use std::collections::HashMap;

use rten_onnx::onnx::{DataType, ModelProto, TensorProto};

/// The layers, and the step of each as a part of its weights' root mean square. Chosen by what they cost: at
/// these steps the three together move the features half as far as the zoo's 8-bit integers did (median cosine
/// 0.9998 to the features before, least 0.9996 on 96 faces). Layers before them are smaller and more sensitive.
const LAYERS: [(&str, f64); 3] = [
    ("pre_fc1_weight", 0.35),
    ("conv_14_conv2d_weight", 0.07),
    ("conv_13_conv2d_weight", 0.035),
];

/// The largest integer that is used, either sign.
const LARGEST: f64 = 127.0;

/// The ONNX file with the three layers rounded. None when it is not the extractor in the zoo's `int8bq` form.
pub(super) fn coarsen(onnx: &[u8]) -> Option<Vec<u8>> {
    let model = ModelProto::parse_buf(onnx).ok()?;
    let graph = model.graph.as_ref()?;
    let constants: HashMap<&str, &TensorProto> = graph
        .initializer
        .iter()
        .filter_map(|tensor| Some((tensor.name.as_deref()?, tensor)))
        .collect();
    for (layer, step) in LAYERS {
        let output = format!("{layer}_dequantized");
        let node = graph.node.iter().find(|node| {
            node.op_type.as_deref() == Some("DequantizeLinear")
                && node.output.first() == Some(&output)
        })?;
        let attribute = |name| {
            let mut all = node.attribute.iter();
            all.find(|attribute| attribute.name.as_deref() == Some(name))?
                .i
        };
        let block = usize::try_from(attribute("block_size")?).ok()?;
        let [integers, scales, zero_points] = node.input.as_slice() else {
            return None;
        };
        let constant = |name: &String| constants.get(name.as_str()).copied();
        let weights = constant(integers)?;
        let &[_, length] = weights.dims.as_slice() else {
            return None;
        };
        // Blocks that end with the row need no special case; these layers have only such.
        let whole = usize::try_from(length).ok()?.is_multiple_of(block);
        (attribute("axis") == Some(1) && whole).then_some(())?;
        let mut blocks = Blocks {
            integers: raw(weights, DataType::INT8)?.borrow_mut(),
            scales: raw(constant(scales)?, DataType::FLOAT)?.borrow_mut(),
            zero_points: raw(constant(zero_points)?, DataType::INT8)?.borrow_mut(),
            block,
        };
        blocks.round(step)?;
    }
    model.write_buf().ok()
}

fn raw(tensor: &TensorProto, kind: DataType) -> Option<&RefCell<Vec<u8>>> {
    let raw = tensor.raw_data.as_ref()?;
    (tensor.data_type == Some(kind)).then_some(raw)
}

/// The raw data of one layer: weight = (integer - zero point) * scale.
struct Blocks<Bytes> {
    integers: Bytes,
    scales: Bytes,
    zero_points: Bytes,
    /// Weights that share scale and zero point.
    block: usize,
}

impl<Bytes: std::ops::DerefMut<Target = Vec<u8>>> Blocks<Bytes> {
    /// Rounds to multiples of `part` of the root mean square. A block with greater weights than the integers
    /// reach has a step twice, or four times, as large.
    fn round(&mut self, part: f64) -> Option<()> {
        let weights = self.weights()?;
        #[allow(
            clippy::as_conversions,
            reason = "there are fewer weights than floats are exact for"
        )]
        let count = weights.len() as f64;
        let squares: f64 = weights.iter().map(|weight| weight * weight).sum();
        let step = part * (squares / count).sqrt();
        (step.is_finite() && step > 0.0).then_some(())?;
        let mut integers = Vec::with_capacity(weights.len());
        let mut scales = Vec::with_capacity(self.scales.len());
        for block in weights.chunks(self.block) {
            let largest = block
                .iter()
                .fold(0.0_f64, |all, weight| all.max(weight.abs()));
            let mut step = step;
            while (largest / step).round() > LARGEST {
                step *= 2.0;
            }
            integers.extend(block.iter().map(|weight| nearest(weight / step)));
            scales.extend(narrow(step).to_le_bytes());
        }
        *self.integers = integers;
        *self.scales = scales;
        self.zero_points.fill(0);
        Some(())
    }

    /// The weights; None when there are more or fewer blocks than scales and zero points, or one is not finite.
    fn weights(&self) -> Option<Vec<f64>> {
        let blocks = self.integers.chunks_exact(self.block);
        let (scales, rest) = self.scales.as_chunks();
        let sound = rest.is_empty()
            && blocks.remainder().is_empty()
            && !self.integers.is_empty()
            && [scales.len(), self.zero_points.len()] == [blocks.len(); 2];
        sound.then_some(())?;
        let mut weights = Vec::with_capacity(self.integers.len());
        for ((block, scale), zero) in blocks.zip(scales).zip(self.zero_points.iter()) {
            let scale = f64::from(f32::from_le_bytes(*scale));
            scale.is_finite().then_some(())?;
            let value = |byte: &u8| f64::from(byte.cast_signed()) - f64::from(zero.cast_signed());
            weights.extend(block.iter().map(|byte| value(byte) * scale));
        }
        Some(weights)
    }
}

#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "not above 127, and the conversion saturates"
)]
fn nearest(steps: f64) -> u8 {
    (steps.round() as i8).cast_unsigned()
}

#[allow(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "the file's scales are of single precision"
)]
fn narrow(step: f64) -> f32 {
    step as f32
}

#[cfg(test)]
mod tests;
