//! A person before the camera who does what the screen asks: real turns cut from a video of one man.

#![allow(dead_code, reason = "each test uses a part")]

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use biometric_system::{
    BiometricSystem, CeremonyId, Enrolment, EnrolmentError, Frame, Guidance, Light, Reference,
    Step, UserVerified, Verification,
};

use crate::y4m::Video;

/// What the person before the camera does at a prompt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Ahead,
    Left,
    Right,
}

impl Act {
    pub(crate) fn asked(guidance: Guidance) -> Self {
        match guidance {
            Guidance::TurnLeft => Self::Left,
            Guidance::TurnRight => Self::Right,
            _ => Self::Ahead,
        }
    }

    pub(crate) fn other_side(self) -> Self {
        match self {
            Self::Ahead => Self::Ahead,
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

/// Real frames of the man in "cap12", played forth and back, with a corner of the room in changing light so
/// that no two frames are equal.
pub(crate) struct Player {
    queue: Vec<usize>,
    at: usize,
    act: Act,
    shown: usize,
}

impl Player {
    pub(crate) fn new() -> Self {
        Self {
            queue: Vec::new(),
            at: 0,
            act: Act::Ahead,
            shown: 0,
        }
    }

    /// The next picture of a person who does `act`.
    pub(crate) fn picture(&mut self, act: Act) -> Vec<u8> {
        let turning = self.act != Act::Ahead;
        if self.at >= self.queue.len() || (act != self.act && !turning) {
            let (from, to) = match act {
                Act::Ahead => (62, 76),
                Act::Right => (76, 88),
                Act::Left => (99, 106),
            };
            self.queue = (from..to).chain((from..to).rev()).collect();
            (self.act, self.at) = (act, 0);
        }
        let mut rgba = picture(self.queue[self.at]);
        self.at += 1;
        self.shown += 1;
        for y in 0..24 {
            let row = &mut rgba[y * 640 * 4..][..24 * 4];
            for value in row {
                *value = (self.shown * 37 + self.shown / 7) as u8;
            }
        }
        rgba
    }
}

/// Frames of the video, each converted once.
fn picture(index: usize) -> Vec<u8> {
    static VIDEO: LazyLock<Video> = LazyLock::new(|| Video::open("cap12"));
    static DONE: LazyLock<Mutex<HashMap<usize, Vec<u8>>>> = LazyLock::new(Mutex::default);
    let mut done = DONE.lock().unwrap();
    done.entry(index)
        .or_insert_with(|| VIDEO.rgba(index))
        .clone()
}

/// One frame of 640x480.
pub(crate) fn frame(rgba: Vec<u8>, at_ms: f64) -> Frame {
    Frame::new(640, 480, rgba, at_ms).unwrap()
}

/// Time between two frames.
pub(crate) const STEP_MS: f64 = 1000.0 / 15.0;

/// Answers the prompts of a verification until it is complete; the steps taken. `picture` gets the guidance
/// on the screen.
pub(crate) fn verify(
    system: &BiometricSystem,
    verification: &mut Verification,
    step_ms: f64,
    mut picture: impl FnMut(Guidance) -> Vec<u8>,
) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut guidance = Guidance::LookAhead;
    while steps.last().is_none_or(|step| !step.complete) {
        assert!(steps.len() < 700, "the look never ends");
        let at_ms = steps.len() as f64 * step_ms;
        let step = verification.offer(system, frame(picture(guidance), at_ms));
        guidance = step.guidance;
        steps.push(step);
    }
    steps
}

/// Answers the prompts of an enrolment for at most `frames` frames.
pub(crate) fn enrol(
    system: &BiometricSystem,
    ceremony: CeremonyId,
    frames: usize,
    mut picture: impl FnMut(Guidance) -> Vec<u8>,
) -> (Result<(Reference, UserVerified), EnrolmentError>, Vec<Step>) {
    let mut enrolment = Enrolment::start(ceremony);
    let mut steps: Vec<Step> = Vec::new();
    let mut guidance = Guidance::LookAhead;
    while steps.len() < frames && steps.last().is_none_or(|step| !step.complete) {
        let at_ms = steps.len() as f64 * STEP_MS;
        let step = enrolment.offer(system, frame(picture(guidance), at_ms));
        guidance = step.guidance;
        steps.push(step);
    }
    (enrolment.finish(), steps)
}

/// A look without colours at a person who does as asked.
pub(crate) fn obedient(
    system: &BiometricSystem,
    ceremony: CeremonyId,
    attempt: u32,
) -> (Verification, Vec<Step>) {
    let mut verification = Verification::start(ceremony, attempt, Light::Declined);
    let mut player = Player::new();
    let steps = verify(system, &mut verification, STEP_MS, |guidance| {
        player.picture(Act::asked(guidance))
    });
    (verification, steps)
}
