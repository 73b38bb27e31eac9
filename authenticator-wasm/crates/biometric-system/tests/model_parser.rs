//! Whatever bytes the model loader is given, it answers with an error and never panics. In every build the
//! digests stand before it; this is what happens should they ever not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test"
)]

#[path = "support/models.rs"]
mod models;

use biometric_system::test_support::parse_model;
use proptest::prelude::*;
use proptest::sample::Index;
use rten_onnx::onnx::{DataType, GraphProto, ModelProto};

/// The nodes of a graph stand at the beginning of both files; after them there is little but weights.
const GRAPH: usize = 24_000;

/// One way to spoil a file.
#[derive(Clone, Debug)]
enum Change {
    Set(Index, u8),
    Flip(Index, u8),
    Remove(Index, u8),
    /// A piece from one place put in at another.
    Copy(Index, Index, u8),
    Truncate(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<Index>;
    prop_oneof![
        4 => (place(), any::<u8>()).prop_map(|(at, value)| Change::Set(at, value)),
        4 => (place(), 0..8_u8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        2 => (place(), 1..64_u8).prop_map(|(at, length)| Change::Remove(at, length)),
        2 => (place(), place(), 1..64_u8).prop_map(|(from, to, n)| Change::Copy(from, to, n)),
        1 => place().prop_map(Change::Truncate),
    ]
}

fn spoil(bytes: &mut Vec<u8>, change: &Change) {
    let graph = bytes.len().min(GRAPH);
    if graph == 0 {
        return;
    }
    match change {
        Change::Set(at, value) => bytes[at.index(graph)] = *value,
        Change::Flip(at, bit) => bytes[at.index(graph)] ^= 1 << bit,
        Change::Remove(at, length) => {
            let at = at.index(graph);
            bytes.drain(at..(at + usize::from(*length)).min(graph));
        }
        Change::Copy(from, to, length) => {
            let from = from.index(graph);
            let piece = bytes[from..(from + usize::from(*length)).min(graph)].to_vec();
            let to = to.index(graph);
            bytes.splice(to..to, piece);
        }
        Change::Truncate(at) => bytes.truncate(at.index(bytes.len())),
    }
}

/// One way to spoil a graph whose file is still well formed.
#[derive(Clone, Debug)]
enum Edit {
    /// An operator becomes one of these.
    Operator(Index, &'static str),
    /// An input of a node becomes the output of another node.
    Rewire(Index, Index),
    DropInput(Index),
    DropNode(Index),
    RepeatNode(Index),
    /// A number of an attribute.
    Attribute(Index, i64),
    DropAttributes(Index),
    /// A side of a weight.
    Side(Index, i64),
    Type(Index, i32),
    Shorten(Index, u8),
    /// Bytes of a weight that may be a size or a scale.
    Value(Index, [u8; 8]),
}

fn edit() -> impl Strategy<Value = Edit> {
    let place = any::<Index>;
    let number = || prop_oneof![-3..70_i64, Just(i64::MIN), Just(i64::MAX), Just(1 << 40)];
    let operators = [
        "Conv",
        "Gemm",
        "Reshape",
        "DequantizeLinear",
        "Resize",
        "MaxPool",
        "Nothing",
    ];
    prop_oneof![
        (place(), proptest::sample::select(operators.to_vec()))
            .prop_map(|(at, name)| Edit::Operator(at, name)),
        (place(), place()).prop_map(|(at, from)| Edit::Rewire(at, from)),
        place().prop_map(Edit::DropInput),
        place().prop_map(Edit::DropNode),
        place().prop_map(Edit::RepeatNode),
        (place(), number()).prop_map(|(at, number)| Edit::Attribute(at, number)),
        place().prop_map(Edit::DropAttributes),
        (place(), number()).prop_map(|(at, side)| Edit::Side(at, side)),
        (place(), 0..20_i32).prop_map(|(at, kind)| Edit::Type(at, kind)),
        (place(), any::<u8>()).prop_map(|(at, by)| Edit::Shorten(at, by)),
        (place(), any::<[u8; 8]>()).prop_map(|(at, bytes)| Edit::Value(at, bytes)),
    ]
}

fn edit_graph(graph: &mut GraphProto, edit: &Edit) {
    if graph.node.is_empty() || graph.initializer.is_empty() {
        return;
    }
    let (nodes, weights) = (graph.node.len(), graph.initializer.len());
    match edit {
        Edit::Operator(at, name) => graph.node[at.index(nodes)].op_type = Some((*name).to_owned()),
        Edit::Rewire(at, from) => {
            let name = graph.node[from.index(nodes)].output.first().cloned();
            if let (Some(input), Some(name)) = (graph.node[at.index(nodes)].input.first_mut(), name)
            {
                *input = name;
            }
        }
        Edit::DropInput(at) => drop(graph.node[at.index(nodes)].input.pop()),
        Edit::DropNode(at) => drop(graph.node.remove(at.index(nodes))),
        Edit::RepeatNode(at) => graph.node.push(graph.node[at.index(nodes)].clone()),
        Edit::Attribute(at, number) => {
            for attribute in &mut graph.node[at.index(nodes)].attribute {
                attribute.i = attribute.i.map(|_| *number);
                attribute.ints.iter_mut().for_each(|i| *i = *number);
            }
        }
        Edit::DropAttributes(at) => graph.node[at.index(nodes)].attribute.clear(),
        Edit::Side(at, side) => {
            if let Some(last) = graph.initializer[at.index(weights)].dims.last_mut() {
                *last = *side;
            }
        }
        Edit::Type(at, kind) => {
            graph.initializer[at.index(weights)].data_type = Some(DataType(*kind))
        }
        Edit::Value(at, bytes) => {
            let sizes = graph.initializer.iter().filter_map(|t| t.raw_data.as_ref());
            let sizes: Vec<_> = sizes.filter(|raw| raw.borrow().len() <= 64).collect();
            if !sizes.is_empty() {
                let mut raw = sizes[at.index(sizes.len())].borrow_mut();
                let length = raw.len().min(8);
                raw[..length].copy_from_slice(&bytes[..length]);
            }
        }
        Edit::Shorten(at, by) => {
            if let Some(raw) = &graph.initializer[at.index(weights)].raw_data {
                let mut raw = raw.borrow_mut();
                let length = raw.len().saturating_sub(usize::from(*by));
                raw.truncate(length);
            }
        }
    }
}

#[test]
fn the_genuine_files_are_models() {
    for role in ["detector", "presentation-attack-detector"] {
        assert!(parse_model(&models::read(role)), "{role}");
    }
    assert!(!parse_model(b""));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn spoilt_files_never_panic(
        detector in any::<bool>(),
        changes in proptest::collection::vec(change(), 1..6),
    ) {
        let role = if detector { "detector" } else { "presentation-attack-detector" };
        let mut bytes = models::read(role);
        for change in &changes {
            spoil(&mut bytes, change);
        }
        let _ = parse_model(&bytes);
    }

    #[test]
    fn well_formed_files_with_other_graphs_never_panic(
        detector in any::<bool>(),
        edits in proptest::collection::vec(edit(), 1..5),
    ) {
        let role = if detector { "detector" } else { "presentation-attack-detector" };
        let mut model = ModelProto::parse_buf(&models::read(role)).unwrap();
        for edit in &edits {
            edit_graph(model.graph.as_mut().unwrap(), edit);
        }
        let _ = parse_model(&model.write_buf().unwrap());
    }

    #[test]
    fn arbitrary_bytes_are_no_model(bytes in proptest::collection::vec(any::<u8>(), 0..4096)) {
        prop_assert!(!parse_model(&bytes));
    }
}
