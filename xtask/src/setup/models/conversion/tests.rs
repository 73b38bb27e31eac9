//! A small network, written as TensorFlow Lite by hand, and what becomes of it.

use rten_onnx::onnx::{GraphProto, ModelProto, NodeProto, TensorProto};

use super::to_onnx;
use Value::{Byte, Bytes, Int, Ints, Table, Tables};

/// What a FlatBuffers field may hold.
enum Value {
    Byte(u8),
    Int(i32),
    Ints(Vec<i32>),
    Bytes(Vec<u8>),
    Table(Vec<(usize, Value)>),
    Tables(Vec<Value>),
}

/// Appends a value that is not inline, and answers where it begins.
fn write(out: &mut Vec<u8>, value: &Value) -> usize {
    let u32_at = |out: &mut Vec<u8>, at: usize, to: usize| {
        out[at..at + 4].copy_from_slice(&u32::try_from(to - at).unwrap().to_le_bytes());
    };
    let length = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
    match value {
        Table(fields) => {
            let count = fields.iter().map(|(n, _)| n + 1).max().unwrap_or(0);
            let vtable = out.len();
            let mut entries = vec![0_u16; count + 2];
            entries[0] = u16::try_from(4 + 2 * count).unwrap();
            for (i, (number, _)) in fields.iter().enumerate() {
                entries[number + 2] = u16::try_from(4 + 4 * i).unwrap();
            }
            out.extend(entries.iter().flat_map(|entry| entry.to_le_bytes()));
            let at = out.len();
            out.extend(i32::try_from(at - vtable).unwrap().to_le_bytes());
            out.resize(out.len() + 4 * fields.len(), 0);
            for (i, (_, value)) in fields.iter().enumerate() {
                let place = at + 4 + 4 * i;
                match value {
                    Byte(value) => out[place] = *value,
                    Int(value) => out[place..place + 4].copy_from_slice(&value.to_le_bytes()),
                    elsewhere => {
                        let to = write(out, elsewhere);
                        u32_at(out, place, to);
                    }
                }
            }
            at
        }
        Tables(all) => {
            let at = out.len();
            out.extend(length(all.len()));
            out.resize(out.len() + 4 * all.len(), 0);
            for (i, table) in all.iter().enumerate() {
                let to = write(out, table);
                u32_at(out, at + 4 + 4 * i, to);
            }
            at
        }
        Ints(all) => {
            let at = out.len();
            out.extend(length(all.len()));
            out.extend(all.iter().flat_map(|value| value.to_le_bytes()));
            at
        }
        Bytes(all) => {
            let at = out.len();
            out.extend(length(all.len()));
            out.extend(all);
            at
        }
        Byte(_) | Int(_) => unreachable!("inline"),
    }
}

/// Float32 by default; `kind` 2 is Int32.
struct Data(Vec<i32>, u8, Vec<u8>);

fn floats(shape: &[i32], values: &[f32]) -> Data {
    Data(
        shape.to_vec(),
        0,
        values.iter().flat_map(|v| v.to_le_bytes()).collect(),
    )
}

fn computed(shape: &[i32]) -> Data {
    floats(shape, &[])
}

/// Pad, a convolution of two channels to two, PReLU, a Flatten, a dense layer of three outputs.
fn network(stride: i32, slopes: [f32; 2], activation: u8) -> Vec<u8> {
    let weights: Vec<f32> = (0..36_u8).map(f32::from).collect(); // output, row, column, input
    let around: Vec<u8> = [0_i32, 0, 1, 1, 1, 1, 0, 0]
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .collect();
    let tensors = [
        computed(&[1, 2, 2, 2]),
        Data(vec![4, 2], 2, around),
        computed(&[1, 4, 4, 2]),
        floats(&[2, 3, 3, 2], &weights),
        floats(&[2], &[0.5, -0.5]),
        computed(&[1, 1, 1, 2]),
        floats(&[1, 1, 1, 2], &[0.0, 0.0]),
        computed(&[1, 1, 1, 2]),
        floats(&[1, 1, 1, 2], &slopes),
        computed(&[1, 1, 1, 2]),
        computed(&[1, 1, 1, 2]),
        Data(
            vec![2],
            2,
            [1_i32, 2].iter().flat_map(|v| v.to_le_bytes()).collect(),
        ),
        computed(&[1, 2]),
        floats(&[3, 2], &[1.0, -1.0, 0.0, 0.0, 2.0, 2.0]),
        computed(&[1, 3]),
    ];
    let window = Table(vec![
        (0, Byte(1)),
        (1, Int(stride)),
        (2, Int(stride)),
        (3, Byte(activation)),
    ]);
    let operators: [(i32, &[i32], i32, Value); 7] = [
        (0, &[0, 1], 2, Table(vec![])),
        (1, &[2, 3, 4], 5, window),
        (2, &[5, 6], 7, Table(vec![])),
        (3, &[5, 8], 9, Table(vec![])),
        (4, &[7, 5, 9], 10, Table(vec![])),
        (5, &[10, 11], 12, Table(vec![])),
        (6, &[12, 13, -1], 14, Table(vec![])),
    ];
    let code = |code: u8| Table(vec![(0, Byte(code))]);
    let mut buffers = vec![Table(vec![])];
    let mut described = Vec::new();
    for Data(shape, kind, data) in tensors {
        let buffer = if data.is_empty() { 0 } else { buffers.len() };
        described.push(Table(vec![
            (0, Ints(shape)),
            (1, Byte(kind)),
            (2, Int(i32::try_from(buffer).unwrap())),
        ]));
        if !data.is_empty() {
            buffers.push(Table(vec![(0, Bytes(data))]));
        }
    }
    let operators = operators
        .into_iter()
        .map(|(code, inputs, output, options)| {
            Table(vec![
                (0, Int(code)),
                (1, Ints(inputs.to_vec())),
                (2, Ints(vec![output])),
                (4, options),
            ])
        });
    let graph = Table(vec![
        (0, Tables(described)),
        (1, Ints(vec![0])),
        (2, Ints(vec![14])),
        (3, Tables(operators.collect())),
    ]);
    let model = Table(vec![
        (0, Int(3)),
        (1, Tables([34, 3, 61, 18, 64, 22, 9].map(code).into())),
        (2, Tables(vec![graph])),
        (4, Tables(buffers)),
    ]);
    let mut out = vec![0; 4];
    let root = write(&mut out, &model);
    out[..4].copy_from_slice(&u32::try_from(root).unwrap().to_le_bytes());
    out
}

fn graph(tflite: &[u8]) -> GraphProto {
    ModelProto::parse_buf(&to_onnx(tflite).unwrap())
        .unwrap()
        .graph
        .unwrap()
}

fn node<'a>(graph: &'a GraphProto, operator: &str) -> &'a NodeProto {
    let is = |node: &&NodeProto| node.op_type.as_deref() == Some(operator);
    graph.node.iter().find(is).unwrap()
}

fn weight<'a>(graph: &'a GraphProto, name: &str) -> &'a TensorProto {
    graph
        .initializer
        .iter()
        .find(|t| t.name.as_deref() == Some(name))
        .unwrap()
}

fn values(tensor: &TensorProto) -> Vec<f32> {
    let raw = tensor.raw_data.as_ref().unwrap().borrow();
    raw.as_chunks()
        .0
        .iter()
        .copied()
        .map(f32::from_le_bytes)
        .collect()
}

#[test]
fn patterns_become_single_operators_and_channels_come_first() {
    let graph = graph(&network(2, [0.25, -0.5], 0));
    let operators: Vec<_> = graph
        .node
        .iter()
        .filter_map(|node| node.op_type.as_deref())
        .collect();
    assert_eq!(
        operators,
        ["Conv", "PRelu", "Flatten", "DequantizeLinear", "Gemm"]
    );
    let conv = node(&graph, "Conv");
    assert_eq!(conv.input, ["input", "weight_5", "bias_5"]);
    let ints = |name: &str| {
        let found = conv
            .attribute
            .iter()
            .find(|a| a.name.as_deref() == Some(name));
        found.unwrap().ints.clone()
    };
    assert_eq!((ints("pads"), ints("strides")), (vec![1; 4], vec![2, 2]));
    let kernel = weight(&graph, "weight_5");
    assert_eq!(kernel.dims, [2, 2, 3, 3]);
    // Output 0, input 1: every other value of the first half.
    let odd: Vec<f32> = (0..9_u8).map(|i| f32::from(2 * i + 1)).collect();
    assert_eq!(values(kernel)[9..18], odd);
    let slopes = weight(&graph, "slope_10");
    assert_eq!(
        (slopes.dims.as_slice(), values(slopes)),
        (&[2, 1, 1][..], vec![0.25, -0.5])
    );
    assert_eq!(node(&graph, "Gemm").output, ["output"]);
    let input = graph.input[0]
        .r#type
        .as_ref()
        .unwrap()
        .tensor_type
        .as_ref()
        .unwrap();
    let sides: Vec<_> = input
        .shape
        .as_ref()
        .unwrap()
        .dim
        .iter()
        .map(|d| d.dim_value)
        .collect();
    assert_eq!(sides, [1, 2, 2, 2].map(Some));
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    let tflite = network(2, [0.25, -0.5], 0);
    assert_eq!(to_onnx(&tflite), to_onnx(&tflite));
}

#[test]
fn what_is_not_understood_is_refused_with_its_place() {
    assert_eq!(to_onnx(b"not a network"), Err(0));
    assert_eq!(
        to_onnx(&network(2, [0.25, -0.5], 1)),
        Err(0),
        "a fused activation"
    );
    let mut other_zero = network(2, [0.25, -0.5], 0);
    let minus_a_half = (-0.5_f32).to_le_bytes();
    let half = [0.5_f32.to_le_bytes(), minus_a_half].concat();
    let bias = other_zero
        .windows(8)
        .position(|window| window == half)
        .unwrap();
    // The comparison's zeros stand in the buffer after the bias.
    let zeros = other_zero[bias + 8..]
        .windows(8)
        .position(|window| window == [0; 8])
        .unwrap();
    other_zero[bias + 8 + zeros + 6] = 1;
    assert_eq!(
        to_onnx(&other_zero),
        Err(3),
        "a comparison with another number"
    );
}

#[test]
fn a_cut_file_never_panics() {
    let tflite = network(2, [0.25, -0.5], 0);
    for length in 0..tflite.len() {
        let _ = to_onnx(&tflite[..length]);
    }
}
