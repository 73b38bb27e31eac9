//! A person before the camera: reads the prompt, reacts after a moment, turns the head and holds it.

use std::collections::VecDeque;
use std::sync::Arc;

use biometric_system::Guidance;

use crate::head::{Lamp, Placement};
use crate::light::Shade;
use crate::material::{Material, Shot, Take};
use crate::picture::Picture;
use crate::random::{Random, Wander};

/// Where a person was told to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// At the camera.
    Ahead,
    /// To the own left.
    Left,
    /// To the own right.
    Right,
}

/// Follows the prompts with a human delay.
pub struct Attention {
    waiting: VecDeque<(f64, Side)>,
    seen: Side,
    told: Side,
    random: Random,
}

impl Attention {
    /// Reacts to a new prompt after 250 to 600 ms.
    pub fn new(seed: u64) -> Self {
        Self {
            waiting: VecDeque::new(),
            seen: Side::Ahead,
            told: Side::Ahead,
            random: Random::part(seed, "attention"),
        }
    }

    /// Where to look at `at_ms`, given what is prompted now. Hints that name no side change nothing.
    pub fn follow(&mut self, at_ms: f64, prompt: Guidance) -> Side {
        let told = match prompt {
            Guidance::TurnLeft => Side::Left,
            Guidance::TurnRight => Side::Right,
            Guidance::LookAhead => Side::Ahead,
            _ => self.told,
        };
        if told != self.told {
            self.told = told;
            self.waiting
                .push_back((at_ms + f64::from(self.random.between(250.0, 600.0)), told));
        }
        while let Some((_, side)) = self.waiting.pop_front_if(|(from, _)| *from <= at_ms) {
            self.seen = side;
        }
        self.seen
    }
}

/// What the camera would see in the room's own light.
pub struct View {
    /// The scene.
    pub picture: Arc<Picture>,
    /// What each pixel answers to the screen.
    pub shade: Shade,
    /// The head in it.
    pub head: Placement,
}

/// Somebody who can look where they are told.
pub trait Actor {
    /// The next frame, a fifteenth of a second after the last.
    fn view(&mut self, side: Side) -> View;
}

/// An actor for a take: filmed turns where both sides were filmed, else drawn ones.
pub fn actor<'a>(material: &'a Material, take: &'a Take, seed: u64) -> Box<dyn Actor + 'a> {
    if take.left.is_empty() || take.right.is_empty() {
        Box::new(Drawn::new(material, &take.ahead, seed))
    } else {
        Box::new(Filmed::new(material, take, seed))
    }
}

/// Plays filmed frames: ahead forth and back; a turn out, held around its extreme, and back.
pub struct Filmed<'a> {
    material: &'a Material,
    take: &'a Take,
    turn: Side,
    at: usize,
    forth: bool,
}

impl<'a> Filmed<'a> {
    fn new(material: &'a Material, take: &'a Take, seed: u64) -> Self {
        Self {
            material,
            take,
            turn: Side::Ahead,
            at: Random::part(seed, "filmed").below(take.ahead.len()),
            forth: true,
        }
    }

    fn shots(&self) -> &'a [Shot] {
        match self.turn {
            Side::Ahead => &self.take.ahead,
            Side::Left => &self.take.left,
            Side::Right => &self.take.right,
        }
    }

    fn swing(&mut self, low: usize, high: usize) {
        if self.at >= high {
            self.forth = false;
        } else if self.at <= low {
            self.forth = true;
        }
        self.at = if self.forth {
            (self.at + 1).min(high)
        } else {
            self.at.max(low + 1) - 1
        };
    }

    /// The frames around the extreme of a turn.
    fn extreme(shots: &[Shot]) -> (usize, usize) {
        let yaw = |i: usize| shots[i].head.pose[0].abs();
        let peak = (0..shots.len())
            .max_by(|a, b| yaw(*a).total_cmp(&yaw(*b)))
            .unwrap_or(0);
        let held = |i: &usize| yaw(*i) >= 0.85 * yaw(peak);
        let low = (0..=peak).rev().take_while(held).last().unwrap_or(peak);
        let high = (peak..shots.len()).take_while(held).last().unwrap_or(peak);
        (low, high)
    }

    fn advance(&mut self, side: Side) {
        let last = self.shots().len() - 1;
        if self.turn == Side::Ahead {
            if side == Side::Ahead {
                self.swing(0, last);
            } else {
                (self.turn, self.at, self.forth) = (side, 0, true);
            }
            return;
        }
        let (low, high) = Self::extreme(self.shots());
        let wanted = self.turn == side;
        // Back by the way it came when the turn is called off before its extreme.
        let called_off = !wanted && (1..low).contains(&self.at);
        if wanted && (low..=high).contains(&self.at) {
            self.swing(low, high);
        } else if called_off || (wanted && self.at > high) {
            self.at -= 1;
        } else if wanted || (low..last).contains(&self.at) {
            self.at += 1;
        } else {
            let middle = self.take.ahead.len() / 2;
            (self.turn, self.at, self.forth) = (Side::Ahead, middle, true);
        }
    }
}

impl Actor for Filmed<'_> {
    fn view(&mut self, side: Side) -> View {
        self.advance(side);
        let shot = &self.shots()[self.at];
        View {
            picture: Arc::clone(&shot.picture),
            shade: self.material.head.shade(&shot.head),
            head: shot.head,
        }
    }
}

/// Puts frames that look ahead on the generic head and turns that.
pub struct Drawn<'a> {
    material: &'a Material,
    shots: Vec<&'a Shot>,
    at: usize,
    forth: bool,
    /// Turn and nod in degrees, and the speed of the turn in degrees a frame.
    turn: f32,
    speed: f32,
    reach: [f32; 2],
    pace: f32,
    sway: [Wander; 4],
    lamp: Lamp,
    random: Random,
}

impl<'a> Drawn<'a> {
    /// An actor whose face is that of `shots`, played forth and back; a single one is a face that never moves.
    pub fn new(material: &'a Material, shots: &'a [Shot], seed: u64) -> Self {
        let mut random = Random::part(seed, "drawn");
        Self {
            material,
            shots: shots.iter().collect(),
            at: random.below(shots.len()),
            forth: true,
            turn: 0.0,
            speed: 0.0,
            reach: [random.between(17.0, 25.0), random.between(17.0, 25.0)],
            pace: random.between(0.25, 0.4),
            sway: [
                Wander::new(0.8, 15.0),
                Wander::new(1.2, 15.0),
                Wander::new(1.5, 20.0),
                Wander::new(1.0, 20.0),
            ],
            lamp: Lamp::new(&mut Random::part(seed, "lamp")),
            random,
        }
    }

    fn advance(&mut self, side: Side) {
        let last = self.shots.len() - 1;
        if last > 0 {
            self.forth = if self.at == last {
                false
            } else {
                self.forth || self.at == 0
            };
            self.at = if self.forth { self.at + 1 } else { self.at - 1 };
        }
        let goal = match side {
            Side::Ahead => 0.0,
            Side::Left => self.reach[0],
            Side::Right => -self.reach[1],
        };
        // A critically damped swing to the goal: fast at first, at rest in the end.
        self.speed += self.pace * self.pace * (goal - self.turn) - 2.0 * self.pace * self.speed;
        self.turn += self.speed;
    }
}

impl Actor for Drawn<'_> {
    fn view(&mut self, side: Side) -> View {
        self.advance(side);
        let shot = self.shots[self.at];
        let [yaw, pitch, x, y] = std::array::from_fn(|i| self.sway[i].step(&mut self.random));
        let mut head = shot.head.turned([self.turn + yaw, pitch]);
        let (picture, shade) =
            self.material
                .head
                .draw(&shot.picture, &shot.head, &head, &self.lamp);
        // The hand that holds the phone moves the whole picture.
        let moved = picture.warped(|px, py| (px + x, py + y));
        head.origin = [head.origin[0] - x, head.origin[1] - y];
        View {
            picture: Arc::new(moved),
            shade,
            head,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attention_follows_after_a_human_delay() {
        let mut attention = Attention::new(5);
        assert_eq!(attention.follow(0.0, Guidance::LookAhead), Side::Ahead);
        assert_eq!(attention.follow(100.0, Guidance::TurnLeft), Side::Ahead);
        assert_eq!(attention.follow(340.0, Guidance::TurnLeft), Side::Ahead);
        assert_eq!(attention.follow(701.0, Guidance::HoldStill), Side::Left);
        assert_eq!(attention.follow(5000.0, Guidance::Good), Side::Left);
    }
}
