//! Generated answers: of a head, of recordings of other ceremonies, of tinted streams, of nothing.

use proptest::prelude::*;

use super::super::palette::linear;
use super::super::{DELAY_MS, EACH_MS};
use super::*;
use crate::decision::CeremonyId;
use crate::presentation_attack_detection::light::colours;
use crate::presentation_attack_detection::seed::Seed;

/// A scene before the screen, and how it answers.
#[derive(Clone, Copy, Debug)]
struct Scene {
    /// Colours that are really shown: those of this ceremony.
    shown: u8,
    /// Light of the screen against the rest of the light.
    strength: f64,
    /// Of forehead, nose and cheeks, and of the background.
    parts: [f64; 4],
    background: f64,
    delay: f64,
    /// Noise of the mean of a region, as a part of its value.
    noise: f64,
    /// Slow drift of the camera's white balance.
    drift: f64,
    step_ms: f64,
    seed: u64,
    /// The blue of the background is cut off.
    burnt_out: bool,
}

const HEAD: Scene = Scene {
    shown: 1,
    strength: 0.1,
    parts: [0.95, 1.0, 0.75, 0.8],
    background: 0.12,
    delay: 120.0,
    noise: 0.003,
    drift: 0.02,
    step_ms: 66.0,
    seed: 7,
    burnt_out: false,
};

fn orders(ceremony: u8) -> Vec<(f64, [u8; 3])> {
    let colours = colours(Seed {
        ceremony: CeremonyId::new([ceremony; 32]),
        attempt: 0,
    });
    (0_u8..)
        .zip(colours)
        .map(|(i, colour)| (f64::from(i) * EACH_MS, colour))
        .collect()
}

/// A few hundred bytes of noise, about normal, from a seed.
fn noise(state: &mut u64) -> f64 {
    let mut uniform = || {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(*state >> 40).unwrap()) / f64::from(1_u32 << 24)
    };
    (0..6).map(|_| uniform()).sum::<f64>() * 2.0_f64.sqrt() - 3.0 * 2.0_f64.sqrt()
}

fn play(scene: Scene) -> Vec<Shot> {
    let shown = orders(scene.shown);
    let end = EACH_MS * 8.0;
    let mut state = scene.seed;
    let mut shots = Vec::new();
    let mut at_ms = 0.0;
    while at_ms < end + DELAY_MS {
        let late = at_ms - scene.delay;
        let light = match shown.iter().rfind(|(since, _)| *since <= late) {
            Some((_, colour)) if late < end => colour.map(linear),
            _ => [0.3; 3], // the usual page
        };
        let mut part = |answer: f64| -> Colour {
            let shade = 1.0 + 0.1 * noise(&mut state);
            let drift = 1.0 + scene.drift * at_ms / end;
            let skin = [0.4, 0.25, 0.18];
            let tint = [drift, 1.0, 1.0];
            std::array::from_fn(|i| {
                let own = skin[i] * tint[i] * shade * (1.0 + scene.strength * answer * light[i]);
                Some(own * (1.0 + scene.noise * noise(&mut state)))
            })
        };
        let face = scene.parts.map(&mut part);
        let mut background = part(scene.background);
        if scene.burnt_out {
            background[2] = None;
        }
        let turn = (at_ms / 500.0).sin().max(0.0) * 20.0;
        shots.push(Shot {
            at_ms,
            yaw: turn,
            regions: Regions { face, background },
        });
        at_ms += scene.step_ms;
    }
    shots
}

fn verdict(scene: Scene) -> Verdict {
    judge(&play(scene), &orders(1), EACH_MS * 8.0)
}

#[test]
fn a_head_before_the_screen_passes() {
    for strength in [0.02, 0.05, 0.1, 0.3] {
        for delay in [0.0, 80.0, 180.0, 400.0] {
            for step_ms in [33.0, 66.0, 120.0] {
                let scene = Scene {
                    strength,
                    delay,
                    step_ms,
                    ..HEAD
                };
                assert_eq!(verdict(scene), Verdict::Passed, "{scene:?}");
            }
        }
    }
}

#[test]
fn no_light_or_too_few_frames_cannot_be_measured() {
    for seed in 0..200 {
        for noise in [0.0005, 0.003, 0.02] {
            let scene = Scene {
                strength: 0.0,
                seed,
                noise,
                ..HEAD
            };
            assert_eq!(verdict(scene), Verdict::NotMeasurable, "{scene:?}");
        }
    }
    let slow = Scene {
        step_ms: 300.0,
        ..HEAD
    };
    assert_eq!(verdict(slow), Verdict::NotMeasurable);
    assert_eq!(judge(&[], &orders(1), 3200.0), Verdict::NotMeasurable);
}

#[test]
fn what_is_tinted_as_a_whole_contradicts() {
    for strength in [0.02, 0.1, 0.3] {
        let stream = Scene {
            strength,
            parts: [1.0; 4],
            background: 1.0,
            ..HEAD
        };
        assert_eq!(verdict(stream), Verdict::Contradicted);
        let burnt_out = Scene {
            burnt_out: true,
            ..stream
        };
        assert_eq!(verdict(burnt_out), Verdict::Contradicted);
        let flat = Scene {
            strength,
            parts: [1.0; 4],
            noise: 0.000_5,
            ..HEAD
        };
        assert_eq!(verdict(flat), Verdict::Contradicted);
    }
}

#[test]
fn a_screen_that_makes_its_own_light_contradicts_where_the_room_is_lit() {
    for strength in [0.08, 0.15, 0.3] {
        let screen = Scene {
            strength,
            parts: [0.1; 4],
            background: 0.125,
            noise: 0.001,
            ..HEAD
        };
        assert_eq!(verdict(screen), Verdict::Contradicted, "{strength}");
    }
}

#[test]
fn without_any_background_nothing_passes() {
    let mut shots = play(HEAD);
    for shot in &mut shots {
        shot.regions.background = [None; 3];
    }
    assert_eq!(
        judge(&shots, &orders(1), EACH_MS * 8.0),
        Verdict::NotMeasurable
    );
    let burnt_out = Scene {
        burnt_out: true,
        ..HEAD
    };
    assert_eq!(verdict(burnt_out), Verdict::Passed);
}

#[test]
fn a_recording_of_another_ceremony_rarely_passes_and_mostly_contradicts() {
    let (mut passed, mut contradicted, mut count) = (0, 0, 0);
    for shown in 2..=250 {
        for strength in [0.03, 0.1] {
            let scene = Scene {
                shown,
                strength,
                seed: u64::from(shown),
                ..HEAD
            };
            count += 1;
            match verdict(scene) {
                Verdict::Passed => passed += 1,
                Verdict::Contradicted => contradicted += 1,
                _ => {}
            }
        }
    }
    println!("{passed} passed, {contradicted} contradicted of {count}");
    assert!(passed * 50 <= count, "{passed} of {count} passed");
    assert!(
        contradicted * 100 >= count * 95,
        "{contradicted} of {count} contradicted"
    );
}

proptest! {
    #[test]
    fn any_head_passes_or_cannot_be_measured(
        strength in 0.0f64..0.3, delay in 0.0f64..450.0, noise in 0.0005f64..0.02,
        drift in -0.1f64..0.1, background in 0.0f64..0.3, seed: u64
    ) {
        let scene = Scene { strength, delay, noise, drift, background, seed, ..HEAD };
        prop_assert_ne!(verdict(scene), Verdict::Contradicted);
    }
}
