//! Small layers with the names of the extractor's, and what rounding makes of them.

use rten_onnx::onnx::{ModelProto, TensorProto};

use super::super::onnx::Writer;
use super::{LAYERS, coarsen};

/// Rows and their length: two blocks of 64 each.
const SHAPE: [usize; 2] = [4, 128];

/// Weights with a bell-shaped distribution, from a generator that is the same everywhere.
fn weights(seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut uniform = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f32::from(u16::try_from(state >> 16).unwrap()) / 65536.0 - 0.5
    };
    (0..SHAPE[0] * SHAPE[1])
        .map(|_| (0..8).map(|_| uniform()).sum())
        .collect()
}

/// The layers of the list but for `without`, and one that is not in it.
fn network(without: Option<&str>, weights: &[f32]) -> Vec<u8> {
    let mut writer = Writer::default();
    let names = LAYERS.map(|(name, _)| name);
    for name in names.into_iter().chain(["conv_1_conv2d_weight"]) {
        if without != Some(name) {
            writer
                .weights(&format!("{name}_dequantized"), &SHAPE, weights)
                .unwrap();
        }
    }
    writer.finish(("data", &[1, 3]), ("fc1", &[1, 4])).unwrap()
}

fn tensor<'a>(model: &'a ModelProto, layer: &str, part: &str) -> &'a TensorProto {
    let name = format!("{layer}_dequantized_{part}");
    let mut all = model.graph.as_ref().unwrap().initializer.iter();
    all.find(|tensor| tensor.name.as_deref() == Some(&name))
        .unwrap()
}

fn bytes(model: &ModelProto, layer: &str, part: &str) -> Vec<u8> {
    let raw = tensor(model, layer, part).raw_data.as_ref().unwrap();
    raw.borrow().clone()
}

/// Integers, and the scale of each block.
fn rounded(onnx: &[u8], layer: &str) -> (Vec<i8>, Vec<f32>) {
    let model = ModelProto::parse_buf(&coarsen(onnx).unwrap()).unwrap();
    let zero_points = bytes(&model, layer, "zero_point");
    assert!(zero_points.iter().all(|zero| *zero == 0));
    let integers = bytes(&model, layer, "quantized");
    let scales = bytes(&model, layer, "scales");
    let scales = scales.as_chunks().0.iter().copied();
    (
        integers.into_iter().map(u8::cast_signed).collect(),
        scales.map(f32::from_le_bytes).collect(),
    )
}

#[test]
fn weights_come_back_within_half_a_step_of_the_whole_layer() {
    let weights = weights(1);
    let onnx = network(None, &weights);
    let squares: f32 = weights.iter().map(|weight| weight * weight).sum();
    let rms = (squares / f32::from(u16::try_from(weights.len()).unwrap())).sqrt();
    for (layer, part) in LAYERS {
        let (integers, scales) = rounded(&onnx, layer);
        #[allow(clippy::as_conversions, reason = "a test")]
        let step = rms * part as f32;
        assert!(
            scales
                .iter()
                .all(|scale| (scale / step - 1.0).abs() < 0.001),
            "{layer}"
        );
        for (at, (integer, weight)) in integers.iter().zip(&weights).enumerate() {
            let error = (f32::from(*integer) * scales[at / 64] - weight).abs();
            // The 8-bit form that it is made from has an error of its own.
            assert!(error <= step * 0.5 + 0.02, "{layer} {at}: {error}");
        }
    }
    let (last, _) = rounded(&onnx, LAYERS[0].0);
    let different: std::collections::BTreeSet<_> = last.iter().collect();
    assert!(different.len() < 30, "{} integers in use", different.len());
}

#[test]
fn a_block_that_the_integers_do_not_reach_has_a_step_twice_as_large() {
    let mut weights = weights(2);
    let largest = weights.iter().fold(0.0_f32, |all, w| all.max(w.abs()));
    weights[70] = 4.0 * largest;
    let (integers, scales) = rounded(&network(None, &weights), LAYERS[2].0);
    assert!(scales[1] / scales[0] > 1.99);
    assert!(
        scales
            .iter()
            .enumerate()
            .all(|(at, scale)| at == 1 || *scale == scales[0])
    );
    let back = f32::from(integers[70]) * scales[1];
    assert!((back / weights[70] - 1.0).abs() < 0.02 && integers[70] > 60);
}

#[test]
fn everything_else_stays_and_the_same_file_gives_the_same_bytes() {
    let onnx = network(None, &weights(3));
    let coarse = coarsen(&onnx).unwrap();
    assert_eq!(Some(&coarse), coarsen(&onnx).as_ref());
    assert_eq!(onnx.len(), coarse.len());
    let [before, after] = [&onnx, &coarse].map(|file| ModelProto::parse_buf(file).unwrap());
    for part in ["quantized", "scales", "zero_point"] {
        let of = |model| bytes(model, "conv_1_conv2d_weight", part);
        assert_eq!(of(&before), of(&after));
    }
    let nodes = |model: &ModelProto| {
        let nodes = &model.graph.as_ref().unwrap().node;
        nodes
            .iter()
            .map(|node| {
                (
                    node.op_type.clone(),
                    node.input.clone(),
                    node.output.clone(),
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(nodes(&before), nodes(&after));
}

#[test]
fn what_is_not_the_extractor_is_refused() {
    assert!(coarsen(b"not a network").is_none());
    for (layer, _) in LAYERS {
        assert!(
            coarsen(&network(Some(layer), &weights(4))).is_none(),
            "{layer}"
        );
    }
    assert!(
        coarsen(&network(None, &[0.0; SHAPE[0] * SHAPE[1]])).is_none(),
        "no step"
    );
}

#[test]
fn a_cut_file_never_panics() {
    let onnx = network(None, &weights(5));
    for length in (0..onnx.len()).step_by(7) {
        let _ = coarsen(&onnx[..length]);
    }
}
