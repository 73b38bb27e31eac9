//! Adapts an ONNX graph to the runtime before loading: free input size, expanded block quantisation,
//! and weights in buffers that the runtime uses without another copy.

mod bounds;
mod envelope;
mod expansion;

use rten_onnx::onnx::{
    DataLocation, DataType, Dimension, GraphProto, ModelProto, StringStringEntryProto, TensorProto,
    TensorShapeProto,
};

/// Weights below this many bytes stay inside the graph.
const SMALL: usize = 1024;

/// A graph without its large weights, and those weights by the name under which the graph refers to them.
pub(super) struct Adapted {
    pub(super) graph: Vec<u8>,
    pub(super) weights: Vec<(String, Vec<u8>)>,
}

/// Rewrites an ONNX file. None when it is not one, or not of the expected form.
pub(super) fn adapt(onnx: &[u8]) -> Option<Adapted> {
    if !envelope::is_sound(onnx) {
        return None;
    }
    let mut model = ModelProto::parse_buf(onnx).ok()?;
    let graph = model.graph.as_mut()?;
    if !bounds::hold(graph) {
        return None;
    }
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
/// intermediate shapes would contradict that, so they go too. The others are always given the one size that they know.
fn free_spatial_size(graph: &mut GraphProto) -> Option<()> {
    graph.value_info.clear();
    for value in &mut graph.input {
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

/// Moves the raw data of large tensors out of the graph, each into a buffer of its own.
fn move_weights_out(graph: &mut GraphProto) -> Option<Vec<(String, Vec<u8>)>> {
    let large = |tensor: &&mut TensorProto| {
        tensor.data_type == Some(DataType::FLOAT)
            && tensor
                .raw_data
                .as_ref()
                .is_some_and(|data| data.borrow().len() >= SMALL)
    };
    let mut weights = Vec::new();
    for tensor in graph.initializer.iter_mut().filter(large) {
        let data = tensor.raw_data.take()?.into_inner();
        // The runtime accepts only this extension for data outside the graph.
        let name = format!("{}.data", weights.len());
        let entry = |key: &str, value: &str| StringStringEntryProto {
            key: Some(key.to_owned()),
            value: Some(value.to_owned()),
        };
        tensor.data_location = Some(DataLocation::EXTERNAL);
        tensor.external_data = vec![
            entry("location", &name),
            entry("offset", "0"),
            entry("length", &data.len().to_string()),
        ];
        weights.push((name, data));
    }
    Some(weights)
}
