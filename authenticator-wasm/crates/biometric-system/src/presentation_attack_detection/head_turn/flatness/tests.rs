//! Generated pictures on sheets, and one with a nose.

use super::*;
use crate::signal_processing::alignment::TEMPLATE;
use proptest::prelude::*;

/// A picture with detail everywhere, as a function of the place on the template.
fn face(x: f32, y: f32) -> f32 {
    let wave = |a: f32, b: f32, c: f32| ((x * a + y * b) / 10.0 + c).sin();
    128.0 + 40.0 * wave(2.0, 0.5, 0.0) + 30.0 * wave(-0.7, 1.9, 1.0) + 20.0 * wave(1.1, -1.4, 2.0)
}

fn crop(place: impl Fn(f32, f32) -> (f32, f32)) -> Vec<f32> {
    let side = u8::try_from(SIDE).unwrap();
    let places = (0..side).flat_map(|y| (0..side).map(move |x| (f32::from(x), f32::from(y))));
    places
        .map(|(x, y)| {
            let (x, y) = place(x, y);
            face(x, y)
        })
        .collect()
}

fn flat(turned: &[f32]) -> f32 {
    let frontal = crop(|x, y| (x, y));
    let view = |grey| View {
        grey,
        landmarks: TEMPLATE,
    };
    flatness(&view(&frontal), &view(turned)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_sheet_is_explained(
        stretch in 0.92f32..1.08, shear in -0.06f32..0.06, shift in -2.0f32..2.0,
        near in -0.0008f32..0.0008, bend in -2.0f32..2.0, gain in 0.6f32..1.3
    ) {
        let turned = crop(|x, y| {
            let (u, v) = (x - 56.0, y - 72.0);
            let w = 1.0 + near * u;
            (56.0 + (u * stretch + shift + bend * (u / 35.0).powi(2)) / w, 72.0 + (v + shear * u) / w)
        });
        let turned: Vec<f32> = turned.iter().map(|value| value * gain + 9.0).collect();
        prop_assert!(flat(&turned) > 0.985, "{}", flat(&turned));
    }
}

#[test]
fn a_nose_that_covers_a_cheek_is_not() {
    let turned = crop(|x, y| {
        let off = ((x - 60.0) / 8.0).powi(2) + ((y - 68.0) / 12.0).powi(2);
        (x - 14.0 * (-off).exp(), y)
    });
    assert!(flat(&turned) < 0.97, "{}", flat(&turned));
}

#[test]
fn what_has_no_contrast_has_no_answer() {
    let grey = vec![80.0; SIDE * SIDE];
    let view = View {
        grey: &grey,
        landmarks: TEMPLATE,
    };
    assert!(flatness(&view, &view).is_none());
    let view = View {
        grey: &[],
        landmarks: TEMPLATE,
    };
    assert!(flatness(&view, &view).is_none());
}
