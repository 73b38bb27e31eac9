//! Whether a series of frames answers the ordered colours: in their order, more than the background, and
//! not alike everywhere.

use super::Verdict;
use super::regions::{Colour, Regions};
use super::regression::Fit;
use super::series::{Answer, Orders, Series, Signals, signals};

/// One frame's colours.
pub(super) struct Shot {
    pub(super) at_ms: f64,
    /// From the person's own front, in degrees.
    pub(super) yaw: f64,
    pub(super) regions: Regions,
}

/// Least correlation of an answer. Another order of colours reaches it about once in a hundred times.
const FOLLOWS: f64 = 0.8;
/// Part of the steps that the ordered colours must explain, or else others were shown.
const OWN_SHARE: f64 = 0.6;
/// Answer of the background, in answers of the face, from which on everything was tinted alike.
const BACKGROUND: f64 = 0.6;
const BACKGROUND_FOLLOWS: f64 = 0.55;
/// Standard errors that make a difference sure.
const SURELY: f64 = 2.0;
const CERTAINLY: f64 = 5.0;
/// Spread of the answers over the face, in mean answers, that a curved head exceeds.
const ALIKE: f64 = 0.05;
/// The spread is judged only when each answer is known at least this well, in mean answers.
const PRECISE: f64 = 0.0125;

/// Judges the frames of one look against the colours ordered (each with the time of its order) up to `end`.
pub(super) fn judge(shots: &[Shot], orders: &[(f64, [u8; 3])], end_ms: f64) -> Verdict {
    let orders = Orders::new(orders, end_ms);
    let series = |pick: &dyn Fn(&Regions) -> Signals| {
        Series::new(shots.iter().map(|shot| Answer {
            at_ms: shot.at_ms,
            yaw: shot.yaw,
            signals: pick(&shot.regions),
        }))
    };
    let Some(face) = series(&|regions| middle(regions.face)) else {
        return Verdict::NotMeasurable;
    };
    let Some((delay, own)) = face.best(&orders) else {
        return Verdict::NotMeasurable;
    };
    let part = |pick: &dyn Fn(&Regions) -> Colour| series(&|regions| signals(pick(regions)));
    let background = part(&|regions| regions.background);
    // The forehead is the part that hair, beard and the turning of the head disturb least.
    let forehead = part(&|regions| regions.face.first().copied().unwrap_or_default());
    if background
        .as_ref()
        .zip(forehead.as_ref())
        .is_some_and(|(behind, face)| is_lit_more(behind, face, &orders))
    {
        return Verdict::Contradicted;
    }
    if own.correlation < FOLLOWS {
        let others = face
            .steps(&orders)
            .is_some_and(|steps| own.correlation.max(0.0).powi(2) < OWN_SHARE * steps);
        return if others {
            Verdict::Contradicted
        } else {
            Verdict::NotMeasurable
        };
    }
    let parts: Vec<Fit> = (0..4)
        .filter_map(|i| part(&|regions| regions.face.get(i).copied().unwrap_or_default()))
        .filter_map(|series| series.follow(&orders, delay))
        .collect();
    if alike(&parts) {
        return Verdict::Contradicted;
    }
    match background.and_then(|series| series.follow(&orders, delay)) {
        // A background that is not seen, black or burnt out, cannot show whether it was tinted too.
        None => Verdict::NotMeasurable,
        Some(fit)
            if fit.correlation >= BACKGROUND_FOLLOWS && fit.slope >= BACKGROUND * own.slope =>
        {
            Verdict::Contradicted
        }
        Some(_) => Verdict::Passed,
    }
}

/// Whether the background surely follows the colours while the face, which is nearer to the screen, surely
/// answers no more than it: then what is seen is not lit by this screen, such as another screen.
fn is_lit_more(background: &Series, face: &Series, orders: &Orders) -> bool {
    let Some((delay, behind)) = background.best(orders) else {
        return false;
    };
    let follows =
        behind.correlation >= BACKGROUND_FOLLOWS && behind.slope >= CERTAINLY * behind.error;
    follows
        && face.follow(orders, delay).is_some_and(|face| {
            let most = face.slope + SURELY * face.error;
            behind.slope >= BACKGROUND * most
        })
}

/// Mean signals of forehead and nose, which stay in view when the head turns; none where one has none.
fn middle([forehead, nose, ..]: [Colour; 4]) -> Signals {
    let (forehead, nose) = (signals(forehead), signals(nose));
    std::array::from_fn(|i| {
        let signal = |part: &Signals| part.get(i).copied().flatten();
        Some(f64::midpoint(signal(&forehead)?, signal(&nose)?))
    })
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

#[cfg(test)]
mod tests;
