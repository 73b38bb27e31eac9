//! Adapts an ONNX graph to the runtime before loading: free input size, expanded block quantisation,
//! and weights in one buffer that the runtime can use without another copy.

mod expansion;

use rten_onnx::onnx::{
    DataLocation, DataType, Dimension, GraphProto, ModelProto, StringStringEntryProto, TensorProto,
    TensorShapeProto,
};

/// The name under which a graph refers to [`Adapted::weights`].
pub(super) const WEIGHTS: &str = "weights.data";

/// Weights below this many bytes stay inside the graph.
const SMALL: usize = 1024;

/// A graph without its large weights, and those weights.
pub(super) struct Adapted {
    pub(super) graph: Vec<u8>,
    pub(super) weights: Vec<u8>,
}

/// Rewrites an ONNX file. None when it is not one, or not of the expected form.
pub(super) fn adapt(onnx: &[u8]) -> Option<Adapted> {
    let mut model = ModelProto::parse_buf(onnx).ok()?;
    let graph = model.graph.as_mut()?;
    expansion::expand_weights(graph)?;
    drop_unused_inputs(graph);
    free_spatial_size(graph)?;
    let weights = move_weights_out(graph)?;
    let graph = model.write_buf().ok()?;
    Some(Adapted { graph, weights })
}

/// Old files list every weight as an input too, also weights that are no longer there.
fn drop_unused_inputs(graph: &mut GraphProto) {
    let weights: Vec<_> = graph
        .initializer
        .iter()
        .map(|tensor| tensor.name.clone())
        .collect();
    let used = |name: &String| graph.node.iter().any(|node| node.input.contains(name));
    graph
        .input
        .retain(|value| !weights.contains(&value.name) && value.name.as_ref().is_some_and(used));
}

/// YuNet declares 640x640 but is fully convolutional: declare height and width free. Recorded
/// intermediate shapes would contradict that, so they go too.
fn free_spatial_size(graph: &mut GraphProto) -> Option<()> {
    let weights: Vec<_> = graph
        .initializer
        .iter()
        .map(|tensor| tensor.name.clone())
        .collect();
    graph.value_info.clear();
    for value in graph
        .input
        .iter_mut()
        .filter(|value| !weights.contains(&value.name))
    {
        let shape = value
            .r#type
            .as_mut()?
            .tensor_type
            .as_mut()?
            .shape
            .as_mut()?;
        let [_, _, height, width] = shape.dim.as_mut_slice() else {
            return None;
        };
        for (dimension, name) in [(height, "height"), (width, "width")] {
            *dimension = Dimension {
                dim_value: None,
                dim_param: Some(name.to_owned()),
            };
        }
    }
    for value in &mut graph.output {
        let tensor = value.r#type.as_mut()?.tensor_type.as_mut()?;
        tensor.shape = None::<TensorShapeProto>;
    }
    Some(())
}

/// Moves the raw data of large tensors into one buffer, each at a multiple of 16 bytes.
fn move_weights_out(graph: &mut GraphProto) -> Option<Vec<u8>> {
    let large = |tensor: &TensorProto| {
        tensor.data_type == Some(DataType::FLOAT)
            && tensor
                .raw_data
                .as_ref()
                .is_some_and(|data| data.borrow().len() >= SMALL)
    };
    let total: usize = graph
        .initializer
        .iter()
        .filter(|tensor| large(tensor))
        .filter_map(|tensor| tensor.raw_data.as_ref())
        .map(|data| data.borrow().len().next_multiple_of(16))
        .sum();
    let mut weights = Vec::with_capacity(total);
    for tensor in graph.initializer.iter_mut().filter(|tensor| large(tensor)) {
        let data = tensor.raw_data.take()?.into_inner();
        let entry = |key: &str, value: String| StringStringEntryProto {
            key: Some(key.to_owned()),
            value: Some(value),
        };
        tensor.data_location = Some(DataLocation::EXTERNAL);
        tensor.external_data = vec![
            entry("location", WEIGHTS.to_owned()),
            entry("offset", weights.len().to_string()),
            entry("length", data.len().to_string()),
        ];
        weights.extend_from_slice(&data);
        weights.resize(weights.len().next_multiple_of(16), 0);
    }
    Some(weights)
}
