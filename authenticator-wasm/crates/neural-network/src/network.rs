//! A loaded network: steps in the order in which they can run.

use crate::activation::Activation;
use crate::convolution::{Window, convolve};
use crate::dense::Dense;
use crate::depthwise::Filters;
use crate::elementwise;
use crate::lanes::Quad;
use crate::onnx;
use crate::products::Matrix;
use crate::tensor::Tensor;

/// A network with one picture as its input and any number of outputs.
pub struct Network {
    pub(crate) steps: Vec<Step>,
    pub(crate) outputs: Vec<Output>,
    /// Channels of the input.
    pub(crate) channels: usize,
    /// How many values there are, the input (number 0) included.
    pub(crate) values: usize,
}

/// One step: which values it takes, and which it makes.
pub(crate) struct Step {
    pub(crate) operation: Operation,
    pub(crate) inputs: Vec<usize>,
    pub(crate) output: usize,
}

/// A result by the name that the file gives it.
pub(crate) struct Output {
    pub(crate) name: String,
    pub(crate) value: usize,
    /// Whether the file wants the channels of a pixel side by side, as they are, and not in planes.
    pub(crate) by_pixel: bool,
}

pub(crate) enum Operation {
    Convolution(Window, Matrix),
    Depthwise(Filters),
    /// Of all pixels together.
    Dense(Dense),
    Scale(Vec<Quad>, Vec<Quad>),
    Activation(Activation),
    Sigmoid,
    Add,
    Pool,
    Double,
}

impl Network {
    /// Loads an ONNX file. None when it is not one, or needs what this does not know.
    pub fn load(file: &[u8]) -> Option<Self> {
        onnx::load(file)
    }

    /// Runs the network on `planes` (channels x height x width). One list for each name in `outputs`, ordered as the
    /// file's output would be; None when the size does not suit the network or there is no such output.
    ///
    /// Buffers between the steps are freed but not wiped.
    pub fn run(
        &self,
        planes: &[f32],
        shape: [usize; 3],
        outputs: &[&str],
    ) -> Option<Vec<Vec<f32>>> {
        let [channels, ..] = shape;
        if channels != self.channels {
            return None;
        }
        let mut values: Vec<Option<Tensor>> = Vec::new();
        values.resize_with(self.values, || None);
        *values.first_mut()? = Some(Tensor::from_planes(planes, shape)?);
        for (number, step) in self.steps.iter().enumerate() {
            let result = self.step(number, step, &mut values)?;
            *values.get_mut(step.output)? = Some(result);
        }
        outputs
            .iter()
            .map(|name| {
                let output = self.outputs.iter().find(|output| output.name == *name)?;
                let tensor = values.get(output.value)?.as_ref()?;
                let one_pixel = tensor.height == 1 && tensor.width == 1;
                (output.by_pixel || one_pixel).then(|| tensor.values())
            })
            .collect()
    }

    fn step(&self, number: usize, step: &Step, values: &mut [Option<Tensor>]) -> Option<Tensor> {
        let (&first, rest) = step.inputs.split_first()?;
        // Taken when nobody wants it any more: that frees it, or lets the step work in place.
        let wanted = self.is_wanted_after(number, first);
        let taken = if wanted {
            values.get(first)?.clone()
        } else {
            values.get_mut(first)?.take()
        };
        let mut input = taken?;
        match &step.operation {
            Operation::Convolution(window, matrix) => convolve(&input, *window, matrix),
            Operation::Depthwise(filters) => filters.apply(&input),
            Operation::Dense(dense) => dense.apply(&input),
            Operation::Scale(factors, shifts) => {
                elementwise::scale(&mut input, factors, shifts);
                Some(input)
            }
            Operation::Activation(activation) => {
                elementwise::activate(&mut input, activation);
                Some(input)
            }
            Operation::Sigmoid => {
                elementwise::sigmoid(&mut input);
                Some(input)
            }
            Operation::Add => elementwise::add(input, values.get(*rest.first()?)?.as_ref()?),
            Operation::Pool => Some(elementwise::pool(&input)),
            Operation::Double => Some(elementwise::double(&input)),
        }
    }

    fn is_wanted_after(&self, number: usize, value: usize) -> bool {
        let later = self.steps.iter().skip(number + 1);
        later
            .flat_map(|step| &step.inputs)
            .any(|input| *input == value)
            || self.outputs.iter().any(|output| output.value == value)
            || self
                .steps
                .get(number)
                .is_some_and(|step| step.inputs.iter().filter(|input| **input == value).count() > 1)
    }
}
