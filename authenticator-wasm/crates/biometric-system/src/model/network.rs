//! One loaded network: planes of floats in, named lists of finite floats out.

use rten::{Model, ModelOptions, NodeId, op_registry};
use rten_tensor::{NdTensorView, Tensor};
use zeroize::Zeroizing;

use super::graph;

/// A network with one image input and any number of outputs.
pub(crate) struct Network {
    model: Model,
    input: NodeId,
}

impl Network {
    /// Loads an ONNX file, with only the operators that the networks use.
    pub(crate) fn load(onnx: &[u8]) -> Option<Self> {
        let adapted = graph::adapt(onnx)?;
        let mut options = ModelOptions::with_ops(op_registry!(
            Add,
            BatchNormalization,
            Conv,
            Dropout,
            Flatten,
            Gemm,
            MaxPool,
            Mul,
            PRelu,
            Relu,
            Reshape,
            Resize,
            Sigmoid,
            Sub,
            Transpose
        ));
        for (name, data) in adapted.weights {
            options.external_data(&name, data);
        }
        let model = options.load(adapted.graph).ok()?;
        let input = *model.input_ids().first()?;
        Some(Self { model, input })
    }

    /// Runs the network on `planes` (channels x height x width). One list per name in `outputs`; None
    /// when the run fails or any output holds a number that is not finite.
    ///
    /// The runtime's own intermediate buffers are freed but not wiped; it offers no way to do so.
    pub(crate) fn run(
        &self,
        planes: &[f32],
        shape: [usize; 3],
        outputs: &[&str],
    ) -> Option<Vec<Zeroizing<Vec<f32>>>> {
        let [channels, height, width] = shape;
        let input = NdTensorView::try_from_data([1, channels, height, width], planes).ok()?;
        let ids: Option<Vec<NodeId>> = outputs
            .iter()
            .map(|name| self.model.find_node(name))
            .collect();
        let values = self
            .model
            .run(vec![(self.input, input.into())], &ids?, None)
            .ok()?;
        values
            .into_iter()
            .map(|value| {
                let tensor: Tensor<f32> = value.try_into().ok()?;
                let list = Zeroizing::new(tensor.into_data());
                list.iter().all(|x| x.is_finite()).then_some(list)
            })
            .collect()
    }
}
