//! One loaded network: planes of floats in, named lists of finite floats out.

use zeroize::Zeroizing;

/// A network with one image input and any number of outputs.
pub(crate) struct Network(neural_network::Network);

impl Network {
    /// Loads an ONNX file.
    pub(crate) fn load(onnx: &[u8]) -> Option<Self> {
        neural_network::Network::load(onnx).map(Self)
    }

    /// Runs the network on `planes` (channels x height x width). One list per name in `outputs`; None
    /// when the run fails or any output holds a number that is not finite.
    ///
    /// The network's own intermediate buffers are freed but not wiped.
    pub(crate) fn run(
        &self,
        planes: &[f32],
        shape: [usize; 3],
        outputs: &[&str],
    ) -> Option<Vec<Zeroizing<Vec<f32>>>> {
        let lists = self.0.run(planes, shape, outputs)?;
        let lists: Vec<_> = lists.into_iter().map(Zeroizing::new).collect();
        let finite = lists
            .iter()
            .flat_map(|list| list.iter())
            .all(|x| x.is_finite());
        finite.then_some(lists)
    }
}
