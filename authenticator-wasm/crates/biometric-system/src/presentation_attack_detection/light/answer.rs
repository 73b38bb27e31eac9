//! Whether a series of frames answers the ordered colours: in their order, more than the background, and
//! not alike everywhere.
//!
//! The signals are ln(R/G) and ln(B/G) of a region: shading, exposure and the turning of the head change
//! all three channels alike and drop out; a weak coloured light adds to each in proportion to its own red,
//! green and blue.

use super::palette::linear;
use super::regions::{Colour, Regions};
use super::regression::{Fit, Nuisance, dot, fit};
use super::{DELAY_MS, EACH_MS, Verdict};

/// One frame's colours.
pub(super) struct Shot {
    pub(super) at_ms: f64,
    /// From the person's own front, in degrees: disturbs the colours as other parts come into view.
    pub(super) yaw: f64,
    pub(super) regions: Regions,
}

/// Delays tried, in milliseconds.
const DELAY_STEP_MS: f64 = 20.0;
/// Fewer frames than this measure nothing.
const FRAMES: usize = 20;
/// Least correlation of an answer. Another order of colours reaches it about once in a hundred times.
const FOLLOWS: f64 = 0.8;
/// Steps in the rhythm of the colours: part of the change that they explain, and how much worse they
/// explain it when shifted by half a step. Drifts and noise have no rhythm.
const STEPS: f64 = 0.6;
const RHYTHM: f64 = 2.5;
/// Part of the steps that the ordered colours must explain, or else others were shown.
const OWN_SHARE: f64 = 0.6;
/// Answer of the background, in answers of the face, from which on everything was tinted alike.
const BACKGROUND: f64 = 0.6;
const BACKGROUND_FOLLOWS: f64 = 0.6;
/// Spread of the answers over the face, in mean answers, that a curved head exceeds.
const ALIKE: f64 = 0.05;
/// The spread is judged only when each answer is known at least this well, in mean answers.
const PRECISE: f64 = 0.0125;

/// Judges the frames of one look against the colours ordered (each with the time of its order) up to `end`.
pub(super) fn judge(shots: &[Shot], orders: &[(f64, [u8; 3])], end_ms: f64) -> Verdict {
    let orders = Orders {
        orders: orders
            .iter()
            .map(|(at, colour)| (*at, chroma_of(colour.map(linear))))
            .collect(),
        end_ms,
    };
    let face = |shot: &Shot| {
        let parts: Option<Vec<_>> = shot
            .regions
            .face
            .iter()
            .map(|part| log_chroma(*part))
            .collect();
        let parts = parts?;
        let sum = |pick: fn(&[f64; 2]) -> f64| parts.iter().map(pick).sum::<f64>() / 4.0;
        Some([sum(|p| p[0]), sum(|p| p[1])])
    };
    let Some(series) = Series::new(shots, face) else {
        return Verdict::NotMeasurable;
    };
    let Some((delay, own)) = series.best(&orders) else {
        return Verdict::NotMeasurable;
    };
    if own.correlation < FOLLOWS {
        let others = series
            .steps(&orders)
            .is_some_and(|steps| own.correlation.max(0.0).powi(2) < OWN_SHARE * steps);
        return if others {
            Verdict::Contradicted
        } else {
            Verdict::NotMeasurable
        };
    }
    let part = |pick: &dyn Fn(&Regions) -> Option<Colour>| {
        Series::new(shots, |shot| log_chroma(pick(&shot.regions)))
            .and_then(|series| series.follow(&orders, delay))
    };
    let background = part(&|regions| regions.background);
    let everywhere = background.is_some_and(|fit| {
        fit.correlation >= BACKGROUND_FOLLOWS && fit.slope >= BACKGROUND * own.slope
    });
    let parts: Vec<Fit> = (0..4)
        .filter_map(|i| part(&|regions| regions.face.get(i).copied().flatten()))
        .collect();
    if everywhere || alike(&parts) {
        Verdict::Contradicted
    } else {
        Verdict::Passed
    }
}

/// Whether all parts of the face answer alike, as far as that can be told.
fn alike(parts: &[Fit]) -> bool {
    let mean = parts.iter().map(|part| part.slope).sum::<f64>() / 4.0;
    let slopes = || parts.iter().map(|part| part.slope);
    let spread = slopes().fold(f64::MIN, f64::max) - slopes().fold(f64::MAX, f64::min);
    parts.len() == 4
        && parts.iter().all(|part| part.error < PRECISE * mean)
        && spread < ALIKE * mean
}

/// ln(R/G) and ln(B/G). None for a part that was not seen.
fn log_chroma(colour: Option<Colour>) -> Option<[f64; 2]> {
    let [red, green, blue] = colour?;
    let chroma = [(red / green).ln(), (blue / green).ln()];
    chroma.iter().all(|x| x.is_finite()).then_some(chroma)
}

/// What a light of this colour adds to ln(R/G) and ln(B/G), up to its strength.
fn chroma_of([red, green, blue]: Colour) -> [f64; 2] {
    [red - green, blue - green]
}

struct Orders {
    /// Since when, and the chroma.
    orders: Vec<(f64, [f64; 2])>,
    end_ms: f64,
}

impl Orders {
    /// Which order a frame at `at_ms` shows when it is late by `delay`.
    fn index(&self, at_ms: f64, delay: f64) -> Option<usize> {
        let at = at_ms - delay;
        if at >= self.end_ms {
            return None;
        }
        self.orders.iter().rposition(|(since, _)| *since <= at)
    }
}

/// One frame's answer: time, yaw and the two signals.
type Answer = (f64, f64, [f64; 2]);

/// An answer with the index of the order it shows.
type Shown<'a> = (usize, &'a Answer);

/// The answer of one region over time.
struct Series {
    samples: Vec<Answer>,
}

impl Series {
    fn new(shots: &[Shot], pick: impl Fn(&Shot) -> Option<[f64; 2]>) -> Option<Self> {
        let samples: Vec<_> = shots
            .iter()
            .filter_map(|shot| Some((shot.at_ms, shot.yaw, pick(shot)?)))
            .collect();
        (samples.len() >= FRAMES).then_some(Self { samples })
    }

    /// The samples that show an order at `delay`, with its index.
    fn shown(&self, orders: &Orders, delay: f64) -> Option<Vec<Shown<'_>>> {
        let shown: Vec<_> = self
            .samples
            .iter()
            .filter_map(|sample| Some((orders.index(sample.0, delay)?, sample)))
            .collect();
        (shown.len() >= FRAMES).then_some(shown)
    }

    /// The two signals, one after the other, without what time and the turning of the head explain.
    fn cleaned(shown: &[Shown<'_>]) -> (Nuisance, Vec<f64>) {
        let column = |value: fn(&Answer) -> f64| -> Vec<f64> {
            shown.iter().map(|(_, sample)| value(sample)).collect()
        };
        let nuisance = Nuisance::new([
            vec![1.0; shown.len()],
            column(|sample| sample.0),
            column(|sample| sample.1),
            column(|sample| sample.1.abs()),
        ]);
        let mut cleaned = nuisance.remove(column(|sample| sample.2[0]));
        cleaned.extend(nuisance.remove(column(|sample| sample.2[1])));
        (nuisance, cleaned)
    }

    /// How the series follows the orders at one delay.
    fn follow(&self, orders: &Orders, delay: f64) -> Option<Fit> {
        let shown = self.shown(orders, delay)?;
        let (nuisance, answer) = Self::cleaned(&shown);
        let ordered = |signal: usize| -> Vec<f64> {
            let chroma = shown.iter().map(|(index, _)| orders.orders.get(*index));
            chroma
                .map(|order| {
                    order
                        .and_then(|(_, c)| c.get(signal))
                        .copied()
                        .unwrap_or(0.0)
                })
                .collect()
        };
        let mut order = nuisance.remove(ordered(0));
        order.extend(nuisance.remove(ordered(1)));
        fit(&order, &answer)
    }

    /// The delay at which the series follows best.
    fn best(&self, orders: &Orders) -> Option<(f64, Fit)> {
        delays(DELAY_MS)
            .filter_map(|delay| Some((delay, self.follow(orders, delay)?)))
            .max_by(|a, b| a.1.correlation.total_cmp(&b.1.correlation))
    }

    /// The part of the change that steps in the rhythm of the orders explain, whatever their colours. None
    /// when there is no such rhythm.
    fn steps(&self, orders: &Orders) -> Option<f64> {
        let rests: Vec<f64> = delays(EACH_MS)
            .filter_map(|delay| self.unexplained(orders, delay))
            .collect();
        let least = rests.iter().copied().fold(f64::MAX, f64::min);
        let most = rests.iter().copied().fold(0.0, f64::max);
        let explained = 1.0 - least;
        (rests.len() > 2 && explained >= STEPS && most >= RHYTHM * least).then_some(explained)
    }

    /// Part of the change that steps at the orders' times, late by `delay`, leave over.
    fn unexplained(&self, orders: &Orders, delay: f64) -> Option<f64> {
        let shown = self.shown(orders, delay)?;
        let (nuisance, answer) = Self::cleaned(&shown);
        let all = dot(&answer, &answer);
        let steps = Nuisance::new((0..orders.orders.len()).map(|step| {
            let inside = shown
                .iter()
                .map(|(index, _)| f64::from(u8::from(*index == step)));
            nuisance.remove(inside.collect())
        }));
        let (first, second) = answer.split_at(shown.len());
        let rest: f64 = [first, second]
            .iter()
            .map(|signal| steps.remove(signal.to_vec()))
            .map(|rest| dot(&rest, &rest))
            .sum();
        (all > 1e-12).then(|| rest / all)
    }
}

/// Delays from nothing to `most`.
fn delays(most: f64) -> impl Iterator<Item = f64> {
    (0_u8..)
        .map(|i| f64::from(i) * DELAY_STEP_MS)
        .take_while(move |delay| *delay <= most)
}

#[cfg(test)]
mod tests;
