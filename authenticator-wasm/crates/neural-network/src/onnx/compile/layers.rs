//! What the file says of the layers with numbers of their own: weights, windows, batch normalisation.

use rten_onnx::onnx::NodeProto;

use super::super::Attributes;
use super::super::draft::{Kind, Weighted};
use super::{Compiler, MOST_CHANNELS};
use crate::activation::Activation;
use crate::convolution::Window;

/// No window moves further, or leaves the picture further.
const LARGEST_STEP: usize = 16;

impl Compiler<'_> {
    pub(super) fn convolution(&self, node: &NodeProto, channels: usize) -> Option<Weighted> {
        let attributes = Attributes(node);
        let weights = node.input.get(1)?;
        let &[outputs, inputs, height, width] = self.constants.dims(weights)? else {
            return None;
        };
        if attributes.sizes("dilations", [1, 1])? != [1, 1] {
            return None;
        }
        let window = Window {
            height,
            width,
            stride: attributes.sizes("strides", [1, 1])?,
            pads: attributes.sizes("pads", [0; 4])?,
        };
        let steps = window
            .stride
            .iter()
            .all(|stride| (1..=LARGEST_STEP).contains(stride));
        if !steps || window.pads.iter().any(|pad| *pad > LARGEST_STEP) {
            return None;
        }
        let groups = usize::try_from(attributes.integer("group").unwrap_or(1)).ok()?;
        let kind = match groups {
            1 if inputs == channels => Kind::Convolution(window),
            groups if groups == channels && inputs == 1 && outputs == channels => {
                Kind::Depthwise(window)
            }
            _ => return None,
        };
        self.weighted(weights, node.input.get(2), kind, channels, outputs)
    }

    pub(super) fn dense(&self, node: &NodeProto, channels: usize) -> Option<Weighted> {
        let attributes = Attributes(node);
        let one = |name: &str| attributes.float(name).is_none_or(|value| value == 1.0);
        let rows = attributes.integer("transB") == Some(1)
            && attributes.integer("transA").unwrap_or(0) == 0;
        let weights = node.input.get(1)?;
        let &[outputs, inputs] = self.constants.dims(weights)? else {
            return None;
        };
        if !rows || !one("alpha") || !one("beta") || channels == 0 || inputs % channels != 0 {
            return None;
        }
        let kind = Kind::Dense(inputs / channels);
        self.weighted(weights, node.input.get(2), kind, channels, outputs)
    }

    fn weighted(
        &self,
        weights: &str,
        bias: Option<&String>,
        kind: Kind,
        channels: usize,
        outputs: usize,
    ) -> Option<Weighted> {
        // What is too large to be true is refused before anything is allocated for it.
        if self.constants.dims(weights)?.contains(&0) || outputs > MOST_CHANNELS {
            return None;
        }
        let bias = match bias {
            Some(bias) => self.each_channel(bias, outputs)?,
            None => vec![0.0; outputs],
        };
        Some(Weighted {
            weights: weights.to_owned(),
            kind,
            channels,
            factors: vec![1.0; outputs],
            bias,
            activation: Activation::None,
        })
    }

    /// y = scale * (x - mean) / sqrt(variance + epsilon) + shift (Ioffe and Szegedy, 2015).
    pub(super) fn normalisation(
        &self,
        node: &NodeProto,
        channels: usize,
    ) -> Option<(Vec<f32>, Vec<f32>)> {
        let epsilon = Attributes(node).float("epsilon").unwrap_or(1e-5);
        let parameter = |at: usize| self.each_channel(node.input.get(at)?, channels);
        let (scales, shifts) = (parameter(1)?, parameter(2)?);
        let (means, variances) = (parameter(3)?, parameter(4)?);
        let spread = variances.iter().map(|variance| (variance + epsilon).sqrt());
        let factors: Vec<f32> = scales
            .iter()
            .zip(spread)
            .map(|(scale, by)| scale / by)
            .collect();
        let shifts = shifts
            .iter()
            .zip(means.iter().zip(&factors))
            .map(|(shift, (mean, factor))| shift - mean * factor)
            .collect();
        Some((factors, shifts))
    }

    /// One float for each channel; a single one stands for all.
    pub(super) fn each_channel(&self, name: &str, channels: usize) -> Option<Vec<f32>> {
        let values = self.constants.floats(name)?;
        match values.as_slice() {
            &[one] => Some(vec![one; channels]),
            _ => (values.len() == channels).then_some(values),
        }
    }
}
