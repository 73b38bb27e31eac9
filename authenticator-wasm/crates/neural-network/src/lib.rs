//! Runs small convolutional networks on one thread, as fast as the 128-bit vectors of WASM allow.
//!
//! It knows the operators of the three networks of the biometric system, in the ONNX format, with batch
//! normalisation and activations joined to the convolution before them. Pixels keep their channels side by side,
//! so every loop runs over whole vectors. A network that needs anything else is refused when it is loaded.

mod activation;
mod convolution;
mod dense;
mod depthwise;
mod elementwise;
mod lanes;
mod network;
mod onnx;
mod products;
mod tensor;

pub use network::Network;
