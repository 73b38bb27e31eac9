//! Acquisition: features of every picture by the running pipeline, on two threads.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use biometric_system::{BiometricSystem, Frame};

use super::data::Image;
use crate::picture;
use measuring::progress::Progress;

const THREADS: usize = 2;

/// What `of` gives for each picture, in the order of the pictures; None where a picture cannot be read or
/// `of` finds no face. No quality gate: a press photograph is not retaken.
pub(crate) fn acquire(
    system: &BiometricSystem,
    images: &[Image],
    of: impl Fn(&BiometricSystem, &Frame) -> Option<Vec<f32>> + Sync,
) -> Vec<Option<Vec<f32>>> {
    let progress = Progress::start("features", images.len());
    let next = AtomicUsize::new(0);
    let all = Mutex::new(vec![None; images.len()]);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let index = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(image) = images.get(index)
                {
                    let features = picture::read(&image.path).and_then(|frame| of(system, &frame));
                    if let Ok(mut all) = all.lock() {
                        all[index] = features;
                    }
                    progress.step();
                }
            });
        }
    });
    // A thread that had broken off would have broken off the whole scope.
    all.into_inner().unwrap_or_default()
}
