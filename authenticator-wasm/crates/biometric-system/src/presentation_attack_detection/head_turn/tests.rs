//! Orders drawn from ceremonies, and turns of generated landmarks.

use std::collections::HashSet;

use super::*;
use crate::decision::CeremonyId;

fn seed(byte: u8, attempt: u32) -> Seed {
    Seed {
        ceremony: CeremonyId::new([byte; 32]),
        attempt,
    }
}

#[test]
fn orders_follow_the_bits_of_the_digest() {
    let digest = seed(5, 2).digest("mien/head-turn/1");
    for index in 0..16 {
        let right = digest[index / 8] & (0x80 >> (index % 8)) != 0;
        assert_eq!(side(seed(5, 2), index) == Side::Right, right, "{index}");
    }
}

#[test]
fn every_order_of_three_turns_comes_up() {
    let orders: HashSet<_> = (0..100)
        .map(|attempt| [0, 1, 2].map(|index| side(seed(9, attempt), index) == Side::Left))
        .collect();
    assert_eq!(orders.len(), 8);
}

/// Landmarks of a head (or of a picture, of depth 0) turned by `yaw` to its own left.
fn face(depth: f32, yaw: f32) -> [Point; 5] {
    let (sin, cos) = yaw.to_radians().sin_cos();
    [
        [-50.0, -50.0, 0.0],
        [50.0, -50.0, 0.0],
        [0.0, 8.0, 100.0 * depth],
        [-38.0, 60.0, 0.0],
        [38.0, 60.0, 0.0],
    ]
    .map(|[x, y, z]: [f32; 3]| Point {
        x: x * cos + z * sin + 300.0,
        y: y + 200.0,
    })
}

fn play(side: Side, depth: f32, yaws: &[f32]) -> Vec<Progress> {
    let mut turn = Turn::ask(side, face(depth, 0.0));
    yaws.iter()
        .map(|yaw| turn.see(&face(depth, *yaw), || true))
        .collect()
}

const THERE_AND_BACK: [f32; 8] = [2.0, 9.0, 18.0, 24.0, 25.0, 17.0, 9.0, 3.0];

#[test]
fn a_head_that_turns_as_asked_and_comes_back_is_done() {
    let right = THERE_AND_BACK.map(|yaw| -yaw);
    for (side, yaws) in [(Side::Left, THERE_AND_BACK), (Side::Right, right)] {
        let progress = play(side, 0.45, &yaws);
        assert_eq!(progress.last(), Some(&Progress::Done), "{side:?}");
        assert!(!progress.iter().rev().skip(1).any(|p| *p == Progress::Done));
        assert!(progress.contains(&Progress::Turned { best: true }));
    }
}

#[test]
fn the_other_side_fails_at_once() {
    let progress = play(Side::Right, 0.45, &THERE_AND_BACK);
    assert!(progress.contains(&Progress::Failed));
}

#[test]
fn a_picture_never_gets_there_however_far_it_is_tilted() {
    for yaw in [10.0, 20.0, 35.0, 50.0] {
        for side in [Side::Left, Side::Right] {
            let yaws = [0.0, yaw, yaw, yaw, yaw, yaw, 0.0];
            assert!(!play(side, 0.0, &yaws).contains(&Progress::Done));
            // Slightly bent: a third of a head's depth. Tilted more than that, only the pictures tell.
            let done = play(side, 0.14, &yaws).contains(&Progress::Done);
            assert!(!done || yaw > 35.0);
        }
    }
}

#[test]
fn a_short_or_small_turn_keeps_the_prompt() {
    let mut turn = Turn::ask(Side::Left, face(0.45, 0.0));
    for yaw in [0.0, 8.0, 20.0, 20.0, 0.0, 7.0, 0.0] {
        assert_ne!(turn.see(&face(0.45, yaw), || true), Progress::Done);
        assert_eq!(turn.guidance(), Guidance::TurnLeft);
    }
    for _ in 0..3 {
        turn.see(&face(0.45, 20.0), || true);
    }
    assert_eq!(turn.guidance(), Guidance::LookAhead);
    assert_eq!(turn.see(&face(0.45, 2.0), || true), Progress::Done);
}

#[test]
fn landmarks_alone_are_not_enough() {
    let mut turn = Turn::ask(Side::Left, face(0.45, 0.0));
    for yaw in THERE_AND_BACK {
        assert_ne!(turn.see(&face(0.45, yaw), || false), Progress::Done);
    }
}
