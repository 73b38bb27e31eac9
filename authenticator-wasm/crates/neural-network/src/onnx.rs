//! From an ONNX file to a network: constants, then operators, then packed weights.

mod bounds;
mod compile;
mod constants;
mod draft;
mod envelope;

use rten_onnx::onnx::{ModelProto, NodeProto};

use crate::network::Network;
use compile::Compiler;
use constants::Constants;

/// Loads an ONNX file. None when it is not one, or needs what this does not know.
pub(crate) fn load(file: &[u8]) -> Option<Network> {
    if !envelope::is_sound(file) {
        return None;
    }
    let mut graph = ModelProto::parse_buf(file).ok()?.graph?;
    if !bounds::hold(&graph) {
        return None;
    }
    let mut constants = Constants::default();
    for tensor in std::mem::take(&mut graph.initializer) {
        constants.add(tensor);
    }
    let nodes = constants.take_constant_nodes(std::mem::take(&mut graph.node))?;
    Compiler::new(&graph, &nodes, &constants)?
        .compile(nodes)?
        .pack(constants)
}

/// The attributes of a node.
pub(crate) struct Attributes<'a>(&'a NodeProto);

impl Attributes<'_> {
    fn integer(&self, name: &str) -> Option<i64> {
        self.find(name)?.i
    }

    fn float(&self, name: &str) -> Option<f32> {
        self.find(name)?.f
    }

    /// As many as asked for; `otherwise` when the attribute is missing, None when it has another length or a
    /// negative value.
    fn sizes<const N: usize>(&self, name: &str, otherwise: [usize; N]) -> Option<[usize; N]> {
        let Some(attribute) = self.find(name) else {
            return Some(otherwise);
        };
        let sizes: Option<Vec<usize>> = attribute
            .ints
            .iter()
            .map(|&size| usize::try_from(size).ok())
            .collect();
        sizes?.try_into().ok()
    }

    fn is(&self, name: &str, values: &[i64]) -> bool {
        self.find(name)
            .is_some_and(|attribute| attribute.ints == values)
    }

    /// A text attribute; empty when it is missing.
    fn text(&self, name: &str) -> &str {
        self.find(name)
            .and_then(|attribute| attribute.s.as_deref())
            .unwrap_or_default()
    }

    fn find(&self, name: &str) -> Option<&rten_onnx::onnx::AttributeProto> {
        let mut attributes = self.0.attribute.iter();
        attributes.find(|attribute| attribute.name.as_deref() == Some(name))
    }
}
