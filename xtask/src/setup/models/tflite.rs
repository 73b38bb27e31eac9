//! The part of a TensorFlow Lite file that a convolutional network of floats needs (its schema:
//! `tensorflow/compiler/mlir/lite/schema/schema.fbs`, version 3; field numbers are those of the schema).

use super::flatbuffer::Table;

/// One network: tensors by number, operators in the order in which they run.
pub(super) struct Network<'a> {
    pub(super) tensors: Vec<Tensor<'a>>,
    pub(super) operators: Vec<Operator>,
    pub(super) input: usize,
    pub(super) output: usize,
}

/// A tensor of the graph; `data` is there when it is a constant.
pub(super) struct Tensor<'a> {
    pub(super) shape: Vec<usize>,
    pub(super) element: Element,
    pub(super) data: Option<&'a [u8]>,
}

/// Element types in use.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Element {
    Float32,
    Int32,
    Int64,
    Other,
}

/// One operator; inputs and outputs are tensor numbers.
pub(super) struct Operator {
    pub(super) kind: Kind,
    pub(super) inputs: Vec<usize>,
    pub(super) output: usize,
}

/// What an operator does. None of them has an activation fused into it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Add,
    Convolution(Window),
    DepthwiseConvolution(Window),
    FullyConnected,
    Greater,
    Multiply,
    Pad,
    Reshape,
    Select,
}

/// How a convolution moves. `same`: padded so that a stride of one keeps the size.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) same: bool,
    pub(super) stride: [i32; 2],
}

impl<'a> Network<'a> {
    /// Reads a file with one graph of one input and one output. None for anything else.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let model = Table::root(bytes)?;
        let codes: Option<Vec<i32>> = model.tables(1)?.into_iter().map(operator_code).collect();
        let codes = codes?;
        let buffers = model.tables(4)?;
        let [graph] = model.tables(2)?.try_into().ok()?;
        let tensors: Option<Vec<_>> = graph
            .tables(0)?
            .into_iter()
            .map(|tensor| Tensor::read(tensor, &buffers))
            .collect();
        let operators: Option<Vec<_>> = graph
            .tables(3)?
            .into_iter()
            .map(|operator| Operator::read(operator, &codes))
            .collect();
        let only = |field| <[usize; 1]>::try_from(numbers(graph, field)?).ok();
        let ([input], [output]) = (only(1)?, only(2)?);
        Some(Self {
            tensors: tensors?,
            operators: operators?,
            input,
            output,
        })
    }
}

/// Newer files have the code in a wider field; the greater one counts.
fn operator_code(table: Table<'_>) -> Option<i32> {
    let narrow = table.byte(0).unwrap_or(0);
    Some(table.int(3).unwrap_or(0).max(i32::from(narrow)))
}

fn numbers(table: Table<'_>, field: usize) -> Option<Vec<usize>> {
    let all = table.ints(field)?;
    all.into_iter().map(|n| usize::try_from(n).ok()).collect()
}

impl<'a> Tensor<'a> {
    fn read(table: Table<'a>, buffers: &[Table<'a>]) -> Option<Self> {
        let buffer = buffers.get(usize::try_from(table.int(2).unwrap_or(0)).ok()?)?;
        Some(Self {
            shape: numbers(table, 0)?,
            element: match table.byte(1).unwrap_or(0) {
                0 => Element::Float32,
                2 => Element::Int32,
                4 => Element::Int64,
                _ => Element::Other,
            },
            data: buffer.bytes(0),
        })
    }

    /// The constant's floats, as many as the shape says.
    pub(super) fn floats(&self) -> Option<Vec<f32>> {
        let (all, rest) = self.data?.as_chunks();
        let sound = self.element == Element::Float32
            && rest.is_empty()
            && self.shape.iter().product::<usize>() == all.len();
        sound.then(|| all.iter().copied().map(f32::from_le_bytes).collect())
    }

    /// The constant's integers.
    pub(super) fn ints(&self) -> Option<Vec<i64>> {
        let data = self.data?;
        Some(match self.element {
            Element::Int32 => {
                let all = data.as_chunks().0.iter().copied();
                all.map(|four| i64::from(i32::from_le_bytes(four)))
                    .collect()
            }
            Element::Int64 => {
                let all = data.as_chunks().0.iter().copied();
                all.map(i64::from_le_bytes).collect()
            }
            Element::Float32 | Element::Other => return None,
        })
    }
}

impl Operator {
    fn read(table: Table<'_>, codes: &[i32]) -> Option<Self> {
        let code = codes.get(usize::try_from(table.int(0).unwrap_or(0)).ok()?)?;
        let options = table.table(4);
        let byte = |field| options.and_then(|o| o.byte(field)).unwrap_or(0);
        let int = |field, default| options.and_then(|o| o.int(field)).unwrap_or(default);
        let window = |dilation: usize| {
            (int(dilation, 1) == 1 && int(dilation + 1, 1) == 1).then(|| Window {
                same: byte(0) == 0,
                stride: [int(2, 1), int(1, 1)],
            })
        };
        // Number of the field with the fused activation, where there is one.
        let (kind, activation) = match code {
            0 => (Kind::Add, Some(0)),
            3 => (Kind::Convolution(window(4)?), Some(3)),
            4 if int(3, 1) == 1 => (Kind::DepthwiseConvolution(window(5)?), Some(4)),
            9 if byte(1) == 0 => (Kind::FullyConnected, Some(0)),
            18 => (Kind::Multiply, Some(0)),
            22 => (Kind::Reshape, None),
            34 => (Kind::Pad, None),
            61 => (Kind::Greater, None),
            64 => (Kind::Select, None),
            _ => return None,
        };
        if activation.is_some_and(|field| byte(field) != 0) {
            return None;
        }
        let [output] = numbers(table, 2)?.try_into().ok()?;
        // An optional input that is left out has the number -1 and stands last.
        let mut inputs = table.ints(1)?;
        inputs.retain(|n| *n != -1);
        let inputs: Option<Vec<_>> = inputs
            .into_iter()
            .map(|n| usize::try_from(n).ok())
            .collect();
        Some(Self {
            kind,
            inputs: inputs?,
            output,
        })
    }
}
