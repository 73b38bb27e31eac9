//! Colours of the screen in an order that the ceremony draws, and whether the face answers them.
//!
//! A face before a screen takes on a little of its colour. A recording shows the colours of its own
//! ceremony, a stream that is tinted as a whole tints the wall too, and a flat or tinted picture of a face
//! answers alike everywhere, as no curved head does. Bright surroundings drown the answer: then the layer
//! says that it could not measure, and a further head turn takes its place.
//!
//! What is known of it comes from generated series and generated presentations. It has not been measured
//! with a real screen before a real face; nothing more may be claimed for it.

mod answer;
mod palette;
mod regions;
mod regression;
mod series;

use super::seed::Seed;
use crate::data_capture::Frame;
use crate::signal_processing::detection::Point;
use answer::Shot;
use palette::COLOURS;
pub(crate) use palette::colours;

/// How long each colour stays, in milliseconds: 2.5 changes a second, which is fewer than the three flashes
/// (pairs of changes) a second that WCAG 2.3.1 allows.
const EACH_MS: f64 = 400.0;
/// Longest time from the order to show a colour until a frame of the camera shows it.
const DELAY_MS: f64 = 500.0;

/// What the light layer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No colours were shown, because they were declined, or the look ended before they did.
    NotRun,
    /// The answer is too weak for the noise: bright surroundings, or a camera that does not see the light.
    NotMeasurable,
    /// The face answered the colours in their order, and as a head does.
    Passed,
    /// The face answered other colours, or everything answered alike.
    Contradicted,
}

/// Shows the colours of one look and gathers how the frames answer.
pub(crate) struct Screen {
    colours: [[u8; 3]; COLOURS],
    offered: bool,
    started_ms: Option<f64>,
    /// Since when each colour was ordered.
    orders: Vec<(f64, [u8; 3])>,
    ended_ms: Option<f64>,
    shots: Vec<Shot>,
}

impl Screen {
    pub(crate) fn new(seed: Seed, offered: bool) -> Self {
        Self {
            colours: colours(seed),
            offered,
            started_ms: None,
            orders: Vec::new(),
            ended_ms: None,
            shots: Vec::new(),
        }
    }

    /// The first good frame has come: the colours begin.
    pub(crate) fn start(&mut self, at_ms: f64) {
        self.started_ms.get_or_insert(at_ms);
    }

    /// The colour to show from the frame at `at_ms` on.
    pub(crate) fn colour(&mut self, at_ms: f64) -> Option<[u8; 3]> {
        let since = at_ms - self.started_ms.filter(|_| self.offered)?;
        #[allow(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates, and what is out of range has no colour"
        )]
        let index = (since.max(0.0) / EACH_MS) as usize;
        let colour = self.colours.get(index).copied();
        match colour {
            Some(colour) if self.orders.last().is_none_or(|(_, last)| *last != colour) => {
                self.orders.push((at_ms, colour));
            }
            None => {
                self.ended_ms.get_or_insert(at_ms);
            }
            Some(_) => {}
        }
        colour
    }

    /// Takes the colours of the face with these landmarks, turned by `yaw` degrees from its own front.
    pub(crate) fn see(&mut self, frame: &Frame, landmarks: &[Point; 5], yaw: f32) {
        if self.orders.is_empty() || self.is_over(frame.at_ms()) {
            return;
        }
        if let Some(regions) = regions::sample(frame, landmarks) {
            self.shots.push(Shot {
                at_ms: frame.at_ms(),
                yaw: f64::from(yaw),
                regions,
            });
        }
    }

    /// Whether nothing more is to be expected from this layer.
    pub(crate) fn is_over(&self, at_ms: f64) -> bool {
        !self.offered || self.ended_ms.is_some_and(|end| at_ms - end > DELAY_MS)
    }

    /// The verdict, once the layer is over.
    pub(crate) fn verdict(&self) -> Verdict {
        match self.ended_ms {
            Some(end) => answer::judge(&self.shots, &self.orders, end),
            None => Verdict::NotRun,
        }
    }
}
