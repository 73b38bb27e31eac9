//! From the operators of the file to steps, each after those whose results it takes.

use std::collections::HashMap;

use rten_onnx::onnx::{GraphProto, NodeProto};

use super::Attributes;
use super::constants::Constants;
use super::draft::{Draft, DraftOperation, DraftStep, Kind, Weighted};
use crate::activation::Activation;
use crate::convolution::Window;
use crate::lanes::filled;
use crate::network::Output;

/// No picture between two steps has more channels.
const MOST_CHANNELS: usize = 4096;

/// No window moves further, or leaves the picture further.
const LARGEST_STEP: usize = 16;

/// A name of the file: which value it stands for, and how the file thinks that value is laid out.
#[derive(Clone, Copy)]
struct Named {
    value: usize,
    /// After a transposition, channels side by side: as values are here anyway.
    by_pixel: bool,
}

/// A value: how many channels, and what made it.
struct Value {
    channels: usize,
    made_by: Option<usize>,
    /// Whether more than one operator takes it, so that nothing may be joined to what made it.
    shared: bool,
}

pub(crate) struct Compiler<'a> {
    constants: &'a Constants,
    names: HashMap<String, Named>,
    values: Vec<Value>,
    steps: Vec<DraftStep>,
    /// How often each name is taken, by operators or as a result.
    uses: HashMap<String, usize>,
    results: Vec<String>,
    channels: usize,
}

impl<'a> Compiler<'a> {
    /// None when the graph has not exactly one input picture.
    pub(crate) fn new(
        graph: &GraphProto,
        nodes: &[NodeProto],
        constants: &'a Constants,
    ) -> Option<Self> {
        let mut uses = HashMap::new();
        let results: Option<Vec<String>> = graph.output.iter().map(|v| v.name.clone()).collect();
        let results = results?;
        for name in nodes.iter().flat_map(|node| &node.input).chain(&results) {
            *uses.entry(name.clone()).or_insert(0_usize) += 1;
        }
        // Old files list every weight as an input too, also weights that are no longer there.
        let mut inputs = graph.input.iter().filter(|input| {
            let name = input.name.as_deref().unwrap_or_default();
            uses.contains_key(name) && !constants.has(name)
        });
        let (input, None) = (inputs.next()?, inputs.next()) else {
            return None;
        };
        let shape = input
            .r#type
            .as_ref()?
            .tensor_type
            .as_ref()?
            .shape
            .as_ref()?;
        let channels = usize::try_from(shape.dim.get(1)?.dim_value?).ok()?;
        if !(1..=MOST_CHANNELS).contains(&channels) {
            return None;
        }
        let name = input.name.clone()?;
        let mut compiler = Self {
            constants,
            names: HashMap::new(),
            values: Vec::new(),
            steps: Vec::new(),
            uses,
            results,
            channels,
        };
        compiler.new_value(&name, channels, None);
        Some(compiler)
    }

    /// Takes the nodes in an order in which they can run. None when there is none, or a node is not understood.
    pub(crate) fn compile(mut self, mut nodes: Vec<NodeProto>) -> Option<Draft> {
        while !nodes.is_empty() {
            let known = |name: &String| self.names.contains_key(name) || self.constants.has(name);
            // Dropout lists a ratio, Resize a region, that need not be there.
            let ready = |node: &NodeProto| match node.op_type.as_deref() {
                Some("Dropout" | "Resize") => node.input.first().is_some_and(known),
                _ => node.input.iter().all(known),
            };
            let at = nodes.iter().position(ready)?;
            let node = nodes.remove(at);
            self.node(&node)?;
        }
        let outputs = self.results.iter().map(|name| {
            let Named { value, by_pixel } = *self.names.get(name)?;
            Some(Output {
                name: name.clone(),
                value,
                by_pixel,
            })
        });
        Some(Draft {
            outputs: outputs.collect::<Option<_>>()?,
            steps: self.steps,
            channels: self.channels,
            values: self.values.len(),
        })
    }

    fn node(&mut self, node: &NodeProto) -> Option<()> {
        let attributes = Attributes(node);
        let input = node.input.first()?;
        let output = node.output.first()?;
        let from = *self.names.get(input)?;
        let channels = self.values.get(from.value)?.channels;
        match node.op_type.as_deref()? {
            "Conv" => {
                let weighted = self.convolution(node, channels)?;
                self.add_weighted(weighted, from, output);
            }
            "Gemm" => {
                let weighted = self.dense(node, channels)?;
                self.add_weighted(weighted, from, output);
            }
            "BatchNormalization" => {
                let (factors, shifts) = self.normalisation(node, channels)?;
                self.scale(from, output, factors, shifts);
            }
            "Sub" => {
                let shifts = self.each_channel(node.input.get(1)?, channels)?;
                let shifts = shifts.into_iter().map(|shift| -shift).collect();
                self.scale(from, output, vec![1.0; channels], shifts);
            }
            "Mul" => {
                let factors = self.each_channel(node.input.get(1)?, channels)?;
                self.scale(from, output, factors, vec![0.0; channels]);
            }
            "Relu" => self.activate(from, output, Activation::Relu),
            "PRelu" => {
                let slopes = self.each_channel(node.input.get(1)?, channels)?;
                self.activate(from, output, Activation::PRelu(filled(&slopes)));
            }
            "Sigmoid" => self.add(DraftOperation::Sigmoid, vec![from], output, channels),
            "Add" => {
                let other = *self.names.get(node.input.get(1)?)?;
                self.add(DraftOperation::Add, vec![from, other], output, channels);
            }
            "MaxPool" => {
                let two = attributes.is("kernel_shape", &[2, 2])
                    && attributes.is("strides", &[2, 2])
                    && attributes.sizes("pads", [0; 4])? == [0; 4]
                    && attributes.integer("ceil_mode").unwrap_or(0) == 0;
                two.then(|| self.add(DraftOperation::Pool, vec![from], output, channels))?;
            }
            "Resize" => {
                let doubled = self.constants.floats(node.input.get(2)?)? == [1.0, 1.0, 2.0, 2.0];
                let nearest = attributes.text("mode") == "nearest"
                    && attributes.text("nearest_mode") == "floor"
                    && attributes.text("coordinate_transformation_mode") == "asymmetric";
                (doubled && nearest)
                    .then(|| self.add(DraftOperation::Double, vec![from], output, channels))?;
            }
            "Transpose" => {
                attributes.is("perm", &[0, 2, 3, 1]).then_some(())?;
                let by_pixel = Named {
                    by_pixel: true,
                    ..from
                };
                self.name(output, by_pixel);
            }
            // Values stay as they are; who counts on another order looks at `by_pixel` or reorders its weights.
            "Reshape" => from.by_pixel.then(|| self.name(output, from))?,
            "Flatten" if attributes.integer("axis").unwrap_or(1) == 1 => self.name(output, from),
            "Dropout" => self.name(output, from),
            _ => return None,
        }
        Some(())
    }

    fn convolution(&self, node: &NodeProto, channels: usize) -> Option<Weighted> {
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

    fn dense(&self, node: &NodeProto, channels: usize) -> Option<Weighted> {
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
    fn normalisation(&self, node: &NodeProto, channels: usize) -> Option<(Vec<f32>, Vec<f32>)> {
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
    fn each_channel(&self, name: &str, channels: usize) -> Option<Vec<f32>> {
        let values = self.constants.floats(name)?;
        match values.as_slice() {
            &[one] => Some(vec![one; channels]),
            _ => (values.len() == channels).then_some(values),
        }
    }

    fn scale(&mut self, from: Named, output: &str, factors: Vec<f32>, shifts: Vec<f32>) {
        let joined = self
            .joinable(from)
            .is_some_and(|weighted| weighted.scale(&factors, &shifts));
        if joined {
            self.name(output, from);
        } else {
            let channels = factors.len();
            self.add(
                DraftOperation::Scale(factors, shifts),
                vec![from],
                output,
                channels,
            );
        }
    }

    fn activate(&mut self, from: Named, output: &str, activation: Activation) {
        let joined = self
            .joinable(from)
            .is_some_and(|weighted| weighted.activate(&activation));
        if joined {
            self.name(output, from);
        } else {
            let channels = self
                .values
                .get(from.value)
                .map_or(0, |value| value.channels);
            self.add(
                DraftOperation::Activation(activation),
                vec![from],
                output,
                channels,
            );
        }
    }

    /// The weighted step that made the value, when nobody else takes it.
    fn joinable(&mut self, from: Named) -> Option<&mut Weighted> {
        let value = self.values.get(from.value).filter(|value| !value.shared)?;
        match &mut self.steps.get_mut(value.made_by?)?.operation {
            DraftOperation::Weighted(weighted) => Some(weighted),
            _ => None,
        }
    }

    fn add_weighted(&mut self, weighted: Weighted, from: Named, output: &str) {
        let outputs = weighted.bias.len();
        self.add(
            DraftOperation::Weighted(weighted),
            vec![from],
            output,
            outputs,
        );
    }

    fn add(&mut self, operation: DraftOperation, from: Vec<Named>, output: &str, channels: usize) {
        let by_pixel = from.first().is_some_and(|from| from.by_pixel);
        let value = self.new_value(output, channels, Some(self.steps.len()));
        self.name(output, Named { value, by_pixel });
        self.steps.push(DraftStep {
            operation,
            inputs: from.into_iter().map(|from| from.value).collect(),
            output: value,
        });
    }

    fn new_value(&mut self, name: &str, channels: usize, made_by: Option<usize>) -> usize {
        let value = self.values.len();
        self.values.push(Value {
            channels,
            made_by,
            shared: false,
        });
        let by_pixel = false;
        self.name(name, Named { value, by_pixel });
        value
    }

    /// Lets a name of the file stand for a value.
    fn name(&mut self, name: &str, named: Named) {
        let shared = self.uses.get(name).is_some_and(|uses| *uses > 1);
        if let Some(value) = self.values.get_mut(named.value) {
            value.shared |= shared;
        }
        self.names.insert(name.to_owned(), named);
    }
}
