#![allow(missing_docs)]
#[test]
fn load() {
    for f in ["face_detection_yunet_2023mar", "face_recognition_sface_2021dec_int8bq", "minifasnet_v2_int8bq"] {
        let b = std::fs::read(format!("../../../target/models/{f}.onnx")).unwrap();
        println!("{f} {}", neural_network::Network::load(&b).is_some());
    }
}
