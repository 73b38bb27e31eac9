//! Converts a TensorFlow Lite network of floats (rows, columns, channels) to ONNX (channels, rows, columns).
//!
//! Deterministic, so that the converted file has a digest which can be pinned. Only what MiniFASNet needs:
//! convolutions, additions, PReLU (written as Greater, Multiply and Select there), one Flatten, dense layers.

use std::collections::HashMap;

use super::onnx::{Writer, integer, integers};
use super::tflite::{Kind, Network, Operator, Tensor, Window};

/// Names of the converted network's input and output.
const INPUT: &str = "input";
const OUTPUT: &str = "output";

/// The ONNX file for a TensorFlow Lite file.
///
/// # Errors
/// The number, counted from 1, of the first operator that is not understood; 0 when the file is not.
pub(super) fn to_onnx(tflite: &[u8]) -> Result<Vec<u8>, usize> {
    let network = Network::read(tflite).ok_or(0_usize)?;
    let mut conversion = Conversion::new(&network);
    for (number, operator) in network.operators.iter().enumerate() {
        conversion.convert(operator).ok_or(number + 1)?;
    }
    conversion.finish().ok_or(0)
}

/// What a tensor of the source stands for while the operators that belong together are gathered.
enum Meaning {
    /// This tensor with one row and column of zeros around it.
    Padded(usize),
    /// Where this tensor is positive.
    Positive(usize),
    /// This tensor times a slope for each channel.
    Sloped(usize, Vec<f32>),
}

struct Conversion<'a> {
    network: &'a Network<'a>,
    meanings: HashMap<usize, Meaning>,
    writer: Writer,
}

impl<'a> Conversion<'a> {
    fn new(network: &'a Network<'a>) -> Self {
        Self {
            network,
            meanings: HashMap::new(),
            writer: Writer::default(),
        }
    }

    fn convert(&mut self, operator: &Operator) -> Option<()> {
        let output = operator.output;
        match (operator.kind, operator.inputs.as_slice()) {
            (Kind::Pad, &[x, around]) => {
                let one_around = [0, 0, 1, 1, 1, 1, 0, 0];
                (self.tensor(around)?.ints()? == one_around).then_some(())?;
                self.meanings.insert(output, Meaning::Padded(x));
            }
            (Kind::Greater, &[x, zero]) => {
                let zero = self.tensor(zero)?.floats()?;
                zero.iter().all(|value| *value == 0.0).then_some(())?;
                self.meanings.insert(output, Meaning::Positive(x));
            }
            (Kind::Multiply, &[x, slope]) => {
                let slope = per_channel(self.tensor(slope)?)?;
                self.meanings.insert(output, Meaning::Sloped(x, slope));
            }
            (Kind::Select, &[positive, x, sloped]) => self.prelu(positive, x, sloped, output)?,
            (Kind::Add, &[a, b]) => {
                let names = [self.name(a)?, self.name(b)?];
                let names = [names[0].as_str(), names[1].as_str()];
                self.writer
                    .node("Add", &names, &self.name(output)?, Vec::new());
            }
            (Kind::Reshape, &[x, _]) => {
                // Only of single pixels, where the order of the axes makes no difference.
                let &[1, 1, 1, channels] = self.tensor(x)?.shape.as_slice() else {
                    return None;
                };
                (self.tensor(output)?.shape == [1, channels]).then_some(())?;
                let axis = vec![integer("axis", 1)];
                self.writer
                    .node("Flatten", &[&self.name(x)?], &self.name(output)?, axis);
            }
            (Kind::Convolution(window), &[x, weights, bias]) => {
                self.convolution(window, false, [x, weights, bias], output)?;
            }
            (Kind::DepthwiseConvolution(window), &[x, weights, bias]) => {
                self.convolution(window, true, [x, weights, bias], output)?;
            }
            (Kind::FullyConnected, &[x, weights, ref bias @ ..]) => {
                self.dense(x, weights, bias, output)?;
            }
            _ => return None,
        }
        Some(())
    }

    fn finish(self) -> Option<Vec<u8>> {
        let &[1, height, width, channels] = self.tensor(self.network.input)?.shape.as_slice()
        else {
            return None;
        };
        let output = &self.tensor(self.network.output)?.shape;
        self.writer
            .finish((INPUT, &[1, channels, height, width]), (OUTPUT, output))
    }

    /// Where x is positive x, elsewhere x times a slope: one PReLU.
    fn prelu(&mut self, positive: usize, x: usize, sloped: usize, output: usize) -> Option<()> {
        let (Some(Meaning::Positive(of)), Some(Meaning::Sloped(times, slope))) =
            (self.meanings.get(&positive), self.meanings.get(&sloped))
        else {
            return None;
        };
        (*of == x && *times == x).then_some(())?;
        let (name, slopes) = (self.name(output)?, format!("slope_{output}"));
        let slope = slope.clone();
        self.writer.floats(&slopes, &[slope.len(), 1, 1], &slope)?;
        self.writer
            .node("PRelu", &[&self.name(x)?, &slopes], &name, Vec::new());
        Some(())
    }

    fn convolution(
        &mut self,
        window: Window,
        depthwise: bool,
        [x, weights, bias]: [usize; 3],
        output: usize,
    ) -> Option<()> {
        let kernel = self.tensor(weights)?;
        let &[first, rows, columns, last] = kernel.shape.as_slice() else {
            return None;
        };
        // Source: output, rows, columns, input; depthwise: 1, rows, columns, channels.
        let (outputs, inputs) = match (depthwise, first) {
            (false, _) => (first, last),
            (true, 1) => (last, 1),
            (true, _) => return None,
        };
        let values = kernel.floats()?;
        let area = rows * columns;
        let at = |o: usize, i: usize, pixel: usize| match depthwise {
            false => (o * area + pixel) * inputs + i,
            true => pixel * outputs + o,
        };
        let mut moved = Vec::with_capacity(values.len());
        for o in 0..outputs {
            for i in 0..inputs {
                for pixel in 0..area {
                    moved.push(*values.get(at(o, i, pixel))?);
                }
            }
        }
        let (source, around) = match (self.meanings.get(&x), window.same) {
            (Some(Meaning::Padded(source)), false) => (*source, [1, 1]),
            (None, false) => (x, [0, 0]),
            // With a greater stride the padding is not the same on both sides.
            (None, true) if window.stride == [1, 1] && rows % 2 == 1 && columns % 2 == 1 => (
                x,
                [
                    i64::try_from(rows / 2).ok()?,
                    i64::try_from(columns / 2).ok()?,
                ],
            ),
            _ => return None,
        };
        let [top, left] = around;
        let groups = if depthwise { outputs } else { 1 };
        let attributes = vec![
            integers("strides", window.stride.map(i64::from).to_vec()),
            integers("dilations", vec![1, 1]), // the runtime wants to be told
            integers("pads", vec![top, left, top, left]),
            integer("group", i64::try_from(groups).ok()?),
        ];
        let (w, b) = (format!("weight_{output}"), format!("bias_{output}"));
        let dims = [outputs, inputs, rows, columns];
        if area == 1 {
            self.writer.weights(&w, &dims, &moved)?;
        } else {
            // A twentieth of all weights, and half of what 8 bits would cost in exactness.
            self.writer.floats(&w, &dims, &moved)?;
        }
        let bias = self.tensor(bias)?.floats()?;
        self.writer.floats(&b, &[outputs], &bias)?;
        let (source, name) = (self.name(source)?, self.name(output)?);
        self.writer
            .node("Conv", &[&source, &w, &b], &name, attributes);
        Some(())
    }

    fn dense(&mut self, x: usize, weights: usize, bias: &[usize], output: usize) -> Option<()> {
        let matrix = self.tensor(weights)?;
        let (w, b) = (format!("weight_{output}"), format!("bias_{output}"));
        let (dims, values) = (matrix.shape.clone(), matrix.floats()?);
        self.writer.weights(&w, &dims, &values)?;
        let (source, name) = (self.name(x)?, self.name(output)?);
        let mut inputs = vec![source.as_str(), &w];
        if let [bias] = bias {
            let values = self.tensor(*bias)?.floats()?;
            self.writer.floats(&b, &[values.len()], &values)?;
            inputs.push(&b);
        }
        let transposed = vec![integer("transB", 1)];
        self.writer.node("Gemm", &inputs, &name, transposed);
        Some(())
    }

    fn tensor(&self, number: usize) -> Option<&'a Tensor<'a>> {
        self.network.tensors.get(number)
    }

    /// The name of a computed tensor. None for one that stands for a step inside a pattern.
    fn name(&self, number: usize) -> Option<String> {
        if self.meanings.contains_key(&number) || self.tensor(number)?.data.is_some() {
            return None;
        }
        Some(match number {
            n if n == self.network.input => INPUT.to_owned(),
            n if n == self.network.output => OUTPUT.to_owned(),
            n => format!("tensor_{n}"),
        })
    }
}

/// One value for each channel. None when a channel's values differ from place to place.
fn per_channel(tensor: &Tensor<'_>) -> Option<Vec<f32>> {
    let values = tensor.floats()?;
    let first = values.get(..*tensor.shape.last()?)?;
    let mut places = values.chunks(first.len().max(1));
    places.all(|place| place == first).then(|| first.to_vec())
}

#[cfg(test)]
mod tests;
