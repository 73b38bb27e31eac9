//! Data storage subsystem: the biometric reference and its versioned byte form. Sealing is the caller's.

use std::fmt;

use secret::Secret;
use zeroize::Zeroizing;

use crate::model;
use crate::signal_processing::features::{Features, LENGTH};

/// First bytes of every stored reference.
const MAGIC: &[u8; 4] = b"MBR1";

/// The enrolled person's biometric reference: a mean feature vector and the pipeline that made it.
///
/// Never printed, never compared outside `decision`.
pub struct Reference {
    pipeline: String,
    features: Features,
}

/// Why stored bytes are not a reference. Names no content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceError {
    /// The bytes do not have the form of a reference.
    Malformed,
    /// Made by another pipeline version: comparison would mean nothing, enrol again.
    OtherPipeline,
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "malformed biometric reference",
            Self::OtherPipeline => "biometric reference of another pipeline version",
        })
    }
}

impl std::error::Error for ReferenceError {}

impl Reference {
    pub(crate) fn new(features: Features) -> Self {
        let pipeline = model::manifest().map_or_else(String::new, |m| m.pipeline.clone());
        Self { pipeline, features }
    }

    pub(crate) fn features(&self) -> &Features {
        &self.features
    }

    pub(crate) fn fits_this_pipeline(&self) -> bool {
        model::manifest().is_some_and(|manifest| manifest.pipeline == self.pipeline)
    }

    /// The byte form: `"MBR1"`, length of the pipeline version (one byte), the version in UTF-8, then
    /// 128 features as little-endian `f32`. The bytes are plain: seal them before they are stored.
    pub fn to_bytes(&self) -> Secret<Vec<u8>> {
        // Reserved in full: a growing buffer would leave unwiped copies behind.
        let mut bytes = Vec::with_capacity(5 + self.pipeline.len() + LENGTH * 4);
        bytes.extend_from_slice(MAGIC);
        bytes.push(u8::try_from(self.pipeline.len()).unwrap_or(0));
        bytes.extend_from_slice(self.pipeline.as_bytes());
        for value in self.features.as_slice() {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        Secret::new(bytes)
    }

    /// Reads the byte form back, strictly.
    ///
    /// # Errors
    /// [`ReferenceError`] for anything that `to_bytes` of this pipeline version would not have written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReferenceError> {
        let malformed = ReferenceError::Malformed;
        let rest = bytes.strip_prefix(MAGIC).ok_or(malformed)?;
        let (&length, rest) = rest.split_first().ok_or(malformed)?;
        let (pipeline, rest) = rest
            .split_at_checked(usize::from(length))
            .ok_or(malformed)?;
        let pipeline = std::str::from_utf8(pipeline)
            .map_err(|_| malformed)?
            .to_owned();
        if rest.len() != LENGTH * 4 {
            return Err(malformed);
        }
        let values = rest
            .chunks_exact(4)
            .filter_map(|chunk| chunk.try_into().ok());
        let mut features = Zeroizing::new(Vec::with_capacity(LENGTH));
        features.extend(values.map(f32::from_le_bytes));
        let reference = Self {
            pipeline,
            features: Features::unit(features).ok_or(malformed)?,
        };
        if reference.fits_this_pipeline() {
            Ok(reference)
        } else {
            Err(ReferenceError::OtherPipeline)
        }
    }

    /// A reference as another version of the pipeline would have made it; from bytes there is none.
    #[cfg(test)]
    pub(crate) fn of_pipeline(pipeline: &str, features: Features) -> Self {
        Self {
            pipeline: pipeline.to_owned(),
            features,
        }
    }

    /// A reference from raw features of any length but null, for the tests of other crates.
    #[cfg(feature = "test-support")]
    pub fn from_raw_features(features: [f32; LENGTH]) -> Option<Self> {
        Features::normalised(features.to_vec()).map(Self::new)
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reference(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reference() -> Reference {
        let values = (0u8..128).map(|i| f32::from(i) - 60.5).collect();
        Reference::new(Features::normalised(values).unwrap())
    }

    fn bytes() -> Vec<u8> {
        reference().to_bytes().expose_secret("test").clone()
    }

    #[test]
    fn survives_the_way_to_bytes_and_back() {
        let bytes = bytes();
        let back = Reference::from_bytes(&bytes).unwrap();
        assert_eq!(back.to_bytes().expose_secret("test"), &bytes);
    }

    #[test]
    fn refuses_truncation_extension_and_other_versions() {
        let bytes = bytes();
        for cut in 0..bytes.len() {
            let error = Reference::from_bytes(bytes.get(..cut).unwrap()).unwrap_err();
            assert_eq!(error, ReferenceError::Malformed);
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert_eq!(
            Reference::from_bytes(&longer).unwrap_err(),
            ReferenceError::Malformed
        );
        let mut other = bytes.clone();
        *other.get_mut(5).unwrap() ^= 1;
        assert_eq!(
            Reference::from_bytes(&other).unwrap_err(),
            ReferenceError::OtherPipeline
        );
        let mut not_unit = bytes.clone();
        let end = not_unit.len() - 4;
        not_unit
            .get_mut(end..)
            .unwrap()
            .copy_from_slice(&f32::NAN.to_le_bytes());
        assert_eq!(
            Reference::from_bytes(&not_unit).unwrap_err(),
            ReferenceError::Malformed
        );
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", reference()), "Reference(…)");
    }

    proptest! {
        #[test]
        fn never_panics_on_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..700)) {
            let _ = Reference::from_bytes(&bytes);
        }
    }
}
