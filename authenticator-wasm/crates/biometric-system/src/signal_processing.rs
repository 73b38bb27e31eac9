//! Signal processing subsystem: detection, alignment, quality and features, each in its own module.

pub(crate) mod alignment;
pub(crate) mod detection;
pub(crate) mod features;
pub(crate) mod frontal_face;
pub(crate) mod picture;
pub(crate) mod pose;
pub(crate) mod quality;
