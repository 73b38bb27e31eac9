//! The answer of one region over time, against the colours that were ordered.

use super::palette::linear;
use super::regions::Colour;
use super::regression::{Fit, Nuisance, dot, fit};
use super::{DELAY_MS, EACH_MS};

/// Delays tried, in milliseconds.
const DELAY_STEP_MS: f64 = 20.0;
/// Fewer frames than this measure nothing.
const FRAMES: usize = 20;
/// Part of the frames in which a signal must be there to be used.
const PRESENT: f64 = 0.9;
/// Steps in the rhythm of the colours: part of the change that they explain, and how much worse they
/// explain it when shifted by half a step. Drifts and noise have no rhythm; of one signal alone more is
/// asked, because chance explains more of it.
const STEPS: f64 = 0.6;
const STEPS_OF_ONE: f64 = 0.8;
const RHYTHM: f64 = 2.5;

/// ln(R/G) and ln(B/G): shading, exposure and the turning of the head change all three channels alike and
/// drop out. None where a channel was not seen.
pub(super) type Signals = [Option<f64>; 2];

/// The signals of a colour.
pub(super) fn signals(colour: Colour) -> Signals {
    let [red, green, blue] = colour;
    let ratio = |channel: Option<f64>| Some((channel? / green?).ln()).filter(|x| x.is_finite());
    [ratio(red), ratio(blue)]
}

/// The colours ordered, as what they add to the signals of a weakly lit surface, up to its strength: a weak
/// light adds to each channel in proportion to its own red, green and blue.
pub(super) struct Orders {
    /// Since when, and the chroma.
    orders: Vec<(f64, [f64; 2])>,
    end_ms: f64,
}

impl Orders {
    /// From sRGB colours, each with the time of its order, up to `end_ms`.
    pub(super) fn new(orders: &[(f64, [u8; 3])], end_ms: f64) -> Self {
        let chroma = |colour: [u8; 3]| {
            let [red, green, blue] = colour.map(linear);
            [red - green, blue - green]
        };
        let orders = orders.iter().map(|(at, colour)| (*at, chroma(*colour)));
        Self {
            orders: orders.collect(),
            end_ms,
        }
    }

    /// Which order a frame at `at_ms` shows when it is late by `delay`.
    fn index(&self, at_ms: f64, delay: f64) -> Option<usize> {
        let at = at_ms - delay;
        if at >= self.end_ms {
            return None;
        }
        self.orders.iter().rposition(|(since, _)| *since <= at)
    }
}

/// One frame: its time, the yaw of the head in degrees, and the signals.
pub(super) struct Answer {
    pub(super) at_ms: f64,
    pub(super) yaw: f64,
    pub(super) signals: Signals,
}

/// An answer with the index of the order it shows.
type Shown<'a> = (usize, &'a Answer);

/// The answers of one region.
pub(super) struct Series {
    answers: Vec<Answer>,
    /// Which of the two signals are there.
    used: Vec<usize>,
}

impl Series {
    /// None when no signal is there in enough frames.
    pub(super) fn new(answers: impl IntoIterator<Item = Answer>) -> Option<Self> {
        let mut answers: Vec<Answer> = answers.into_iter().collect();
        let all = f64::from(u32::try_from(answers.len()).unwrap_or(u32::MAX));
        let has = |answer: &Answer, signal: &usize| answer.signal(*signal).is_some();
        let used: Vec<usize> = [0, 1]
            .into_iter()
            .filter(|signal| {
                let count = answers.iter().filter(|a| has(a, signal)).count();
                f64::from(u32::try_from(count).unwrap_or(0)) >= PRESENT * all
            })
            .collect();
        answers.retain(|answer| used.iter().all(|signal| has(answer, signal)));
        (answers.len() >= FRAMES && !used.is_empty()).then_some(Self { answers, used })
    }

    /// How the series follows the orders at one delay.
    pub(super) fn follow(&self, orders: &Orders, delay: f64) -> Option<Fit> {
        let shown = self.shown(orders, delay)?;
        let nuisance = nuisance(&shown);
        let chroma = |index: &usize, signal: usize| {
            let order = orders.orders.get(*index);
            order
                .and_then(|(_, c)| c.get(signal))
                .copied()
                .unwrap_or(0.0)
        };
        let ordered = |signal: usize| shown.iter().map(move |(index, _)| chroma(index, signal));
        let order = self
            .used
            .iter()
            .flat_map(|s| nuisance.remove(ordered(*s).collect()));
        fit(
            &order.collect::<Vec<_>>(),
            &self.answer(&shown, &nuisance).concat(),
        )
    }

    /// The delay at which the series follows best.
    pub(super) fn best(&self, orders: &Orders) -> Option<(f64, Fit)> {
        delays(DELAY_MS)
            .filter_map(|delay| Some((delay, self.follow(orders, delay)?)))
            .max_by(|a, b| a.1.correlation.total_cmp(&b.1.correlation))
    }

    /// The part of the change that steps in the rhythm of the orders explain, whatever their colours. None
    /// when there is no such rhythm.
    pub(super) fn steps(&self, orders: &Orders) -> Option<f64> {
        let rests: Vec<f64> = delays(EACH_MS)
            .filter_map(|delay| self.unexplained(orders, delay))
            .collect();
        let least = rests.iter().copied().fold(f64::MAX, f64::min);
        let most = rests.iter().copied().fold(0.0, f64::max);
        let explained = 1.0 - least;
        let enough = if self.used.len() == 1 {
            STEPS_OF_ONE
        } else {
            STEPS
        };
        (rests.len() > 2 && explained >= enough && most >= RHYTHM * least).then_some(explained)
    }

    /// Part of the change that steps at the orders' times, late by `delay`, leave over.
    fn unexplained(&self, orders: &Orders, delay: f64) -> Option<f64> {
        let shown = self.shown(orders, delay)?;
        let nuisance = nuisance(&shown);
        let answer = self.answer(&shown, &nuisance);
        let square = |signals: &[Vec<f64>]| signals.iter().map(|s| dot(s, s)).sum::<f64>();
        let all = square(&answer);
        let steps = Nuisance::new((0..orders.orders.len()).map(|step| {
            let inside = shown
                .iter()
                .map(|(index, _)| f64::from(u8::from(*index == step)));
            nuisance.remove(inside.collect())
        }));
        let rest: Vec<_> = answer.into_iter().map(|s| steps.remove(s)).collect();
        (all > 1e-12).then(|| square(&rest) / all)
    }

    /// The answers that show an order at `delay`, with its index.
    fn shown(&self, orders: &Orders, delay: f64) -> Option<Vec<Shown<'_>>> {
        let shown: Vec<_> = self
            .answers
            .iter()
            .filter_map(|answer| Some((orders.index(answer.at_ms, delay)?, answer)))
            .collect();
        (shown.len() >= FRAMES).then_some(shown)
    }

    /// The signals that are there, without what time and the turning of the head explain.
    fn answer(&self, shown: &[Shown<'_>], nuisance: &Nuisance) -> Vec<Vec<f64>> {
        let signal = |signal: usize| -> Vec<f64> {
            let all = shown.iter().map(|(_, answer)| answer.signal(signal));
            all.map(Option::unwrap_or_default).collect()
        };
        let used = self.used.iter();
        used.map(|s| nuisance.remove(signal(*s))).collect()
    }
}

impl Answer {
    fn signal(&self, signal: usize) -> Option<f64> {
        self.signals.get(signal).copied().flatten()
    }
}

/// What disturbs the signals: drift, and other parts that come into view as the head turns.
fn nuisance(shown: &[Shown<'_>]) -> Nuisance {
    let column = |value: fn(&Answer) -> f64| -> Vec<f64> {
        shown.iter().map(|(_, answer)| value(answer)).collect()
    };
    Nuisance::new([
        vec![1.0; shown.len()],
        column(|answer| answer.at_ms),
        column(|answer| answer.yaw),
        column(|answer| answer.yaw.abs()),
        column(|answer| answer.yaw * answer.yaw.abs()),
    ])
}

/// Delays from nothing to `most`.
fn delays(most: f64) -> impl Iterator<Item = f64> {
    (0_u8..)
        .map(|i| f64::from(i) * DELAY_STEP_MS)
        .take_while(move |delay| *delay <= most)
}
