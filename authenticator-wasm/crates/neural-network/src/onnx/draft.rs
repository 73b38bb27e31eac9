//! Steps whose weights are still those of the file: batch normalisation and activations can be joined to them.

use super::constants::Constants;
use crate::activation::Activation;
use crate::convolution::Window;
use crate::dense::Dense;
use crate::depthwise::Filters;
use crate::lanes::{filled, quads};
use crate::network::{Network, Operation, Output, Step};
use crate::products::Matrix;

/// A network before its weights are packed.
pub(crate) struct Draft {
    pub(crate) steps: Vec<DraftStep>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) channels: usize,
    pub(crate) values: usize,
}

pub(crate) struct DraftStep {
    pub(crate) operation: DraftOperation,
    pub(crate) inputs: Vec<usize>,
    pub(crate) output: usize,
}

pub(crate) enum DraftOperation {
    Weighted(Weighted),
    /// Every channel times its factor plus its shift.
    Scale(Vec<f32>, Vec<f32>),
    Activation(Activation),
    Sigmoid,
    Add,
    Pool,
    Double,
}

/// Sums of products with the weights of that name.
pub(crate) struct Weighted {
    pub(crate) weights: String,
    pub(crate) kind: Kind,
    /// Channels of what comes in.
    pub(crate) channels: usize,
    /// One for each output, as are the biases: what the weights are multiplied by.
    pub(crate) factors: Vec<f32>,
    pub(crate) bias: Vec<f32>,
    pub(crate) activation: Activation,
}

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Convolution(Window),
    Depthwise(Window),
    /// Of so many pixels.
    Dense(usize),
}

impl Weighted {
    /// Joins "every output times its factor plus its shift". False when something follows already.
    pub(crate) fn scale(&mut self, factors: &[f32], shifts: &[f32]) -> bool {
        let joined =
            matches!(self.activation, Activation::None) && factors.len() == self.bias.len();
        if joined {
            let outputs = self.factors.iter_mut().zip(&mut self.bias);
            for ((factor, bias), (by, shift)) in outputs.zip(factors.iter().zip(shifts)) {
                *factor *= by;
                *bias = *bias * by + shift;
            }
        }
        joined
    }

    /// Joins an activation. False when one follows already.
    pub(crate) fn activate(&mut self, activation: &Activation) -> bool {
        let joined = matches!(self.activation, Activation::None);
        if joined {
            self.activation = activation.clone();
        }
        joined
    }

    /// Packs the weights: out of channels, then taps, into taps, then channels in whole quads.
    fn pack(self, constants: &mut Constants) -> Option<Operation> {
        let Self {
            weights,
            kind,
            channels,
            factors,
            bias,
            activation,
        } = self;
        let weights = constants.take(&weights)?;
        let taps = match kind {
            Kind::Convolution(window) | Kind::Depthwise(window) => window.height * window.width,
            Kind::Dense(pixels) => pixels,
        };
        let factor = |output: usize| factors.get(output).copied().unwrap_or_default();
        // Of each output, its channels; of each channel, its taps. What fills up the channels is zero.
        let channels_in_row = match kind {
            Kind::Depthwise(_) => 1,
            Kind::Convolution(_) | Kind::Dense(_) => channels,
        };
        if weights.len() != bias.len() * channels_in_row * taps {
            return None;
        }
        let weight = |output: usize, channel: usize, tap: usize| {
            if channel >= channels_in_row {
                return 0.0;
            }
            weights.get((output * channels_in_row + channel) * taps + tap) * factor(output)
        };
        let filled = quads(channels) * 4;
        Some(match kind {
            Kind::Convolution(window) => {
                let matrix = Matrix::pack(taps * filled, &bias, activation, |output, input| {
                    weight(output, input % filled, input / filled)
                });
                Operation::Convolution(window, matrix)
            }
            Kind::Depthwise(window) => {
                let filters = Filters::pack(window, &bias, activation, |channel, tap| {
                    weight(channel, 0, tap)
                });
                Operation::Depthwise(filters)
            }
            Kind::Dense(pixels) => {
                let dense = Dense::pack(
                    pixels,
                    filled,
                    &bias,
                    activation,
                    |output, pixel, channel| weight(output, channel, pixel),
                );
                Operation::Dense(dense)
            }
        })
    }
}

impl Draft {
    /// Packs all weights; each constant is dropped as soon as it is packed.
    pub(crate) fn pack(self, mut constants: Constants) -> Option<Network> {
        let steps = self.steps.into_iter().map(|step| {
            let operation = match step.operation {
                DraftOperation::Weighted(weighted) => weighted.pack(&mut constants)?,
                DraftOperation::Scale(factors, shifts) => {
                    Operation::Scale(filled(&factors), filled(&shifts))
                }
                DraftOperation::Activation(activation) => Operation::Activation(activation),
                DraftOperation::Sigmoid => Operation::Sigmoid,
                DraftOperation::Add => Operation::Add,
                DraftOperation::Pool => Operation::Pool,
                DraftOperation::Double => Operation::Double,
            };
            Some(Step {
                operation,
                inputs: step.inputs,
                output: step.output,
            })
        });
        Some(Network {
            steps: steps.collect::<Option<_>>()?,
            outputs: self.outputs,
            channels: self.channels,
            values: self.values,
        })
    }
}
