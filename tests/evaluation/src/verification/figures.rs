//! Two diagrams: the error trade-off curve and the histogram of the scores.

use super::measurement::{BIN, Measurement, Rates};
use crate::figure::{Axis, Figure, probit};

/// Names and contents of the diagrams; none when nothing was compared.
pub(super) fn all(measured: &Measurement) -> Vec<(&'static str, String)> {
    measured.enrolled().map_or_else(Vec::new, |enrolled| {
        vec![
            (
                "verification-error-trade-off.svg",
                trade_off(measured, enrolled),
            ),
            ("verification-scores.svg", scores(enrolled)),
        ]
    })
}

fn trade_off(measured: &Measurement, enrolled: &Rates) -> String {
    let percent = |part: f64| (part, format!("{} %", (part * 1e4).round() / 100.0));
    let power = |exponent: i32| (10_f64.powi(exponent), format!("1e{exponent}"));
    let lowest = 10_f64
        .powi(-(enrolled.impostors as f64).log10().floor() as i32)
        .min(1e-2);
    let x = Axis {
        ends: [lowest, 0.1],
        scale: probit,
        ticks: (-7..=-1)
            .map(power)
            .filter(|(value, _)| *value >= lowest)
            .collect(),
        title: "false match rate",
    };
    let y = Axis {
        ends: [0.001, 0.2],
        scale: probit,
        ticks: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2]
            .map(percent)
            .into(),
        title: "false non-match rate",
    };
    let title = format!(
        "Error trade-off, {} people, {} pictures",
        measured.subjects,
        measured.images - measured.failures
    );
    let description = "False non-match rate against false match rate for templates of one, three and five captures; \
                       dots with 95 % bounds at the operating points.";
    let mut figure = Figure::new(&title, description, x, y);
    let mut names = Vec::new();
    for (captures, class) in [(1, "c"), (3, "b"), (5, "a")] {
        if let Some(rates) = measured
            .by_captures
            .iter()
            .find(|rates| rates.captures == captures)
        {
            figure.line(
                class,
                rates
                    .curve
                    .iter()
                    .copied()
                    .filter(|[fmr, _]| (lowest..=0.1).contains(fmr)),
            );
            names.push((class, rates));
        }
    }
    for (target, point) in &enrolled.points {
        if let Some(point) = point {
            let name = format!("{target:e}");
            figure.dot(
                [point.fmr, point.fnmr],
                point.fnmr95.unwrap_or([point.fnmr; 2]),
                &name,
            );
        }
    }
    let names: Vec<_> = names
        .into_iter()
        .map(|(class, rates)| {
            let plural = if rates.captures == 1 { "" } else { "s" };
            (
                class,
                format!(
                    "{} capture{plural}, {} people",
                    rates.captures, rates.people
                ),
            )
        })
        .collect();
    let names: Vec<_> = names
        .iter()
        .map(|(class, name)| (*class, name.as_str()))
        .collect();
    figure.legend([300.0, 22.0], &names);
    figure.finish()
}

fn scores(rates: &Rates) -> String {
    let power = |exponent: i32| (10_f64.powi(exponent), format!("1e{exponent}"));
    let x = Axis {
        ends: [-0.5, 1.0],
        scale: |x| x,
        ticks: [-0.4, -0.2, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
            .map(|x: f64| (x, format!("{x}")))
            .into(),
        title: "cosine",
    };
    let y = Axis {
        ends: [1e-7, 10.0],
        scale: f64::log10,
        ticks: (-7..=0).map(power).collect(),
        title: "part of the comparisons",
    };
    let title = format!("Scores, templates of {} captures", rates.captures);
    let description = "Histogram of genuine and impostor scores on a logarithmic scale; the line is the threshold in use.";
    let mut figure = Figure::new(&title, description, x, y);
    for (class, bins) in [
        ("b fill", &rates.histogram[1]),
        ("a fill", &rates.histogram[0]),
    ] {
        figure.line(class, outline(bins));
    }
    figure.mark(f64::from(rates.in_use.threshold), "threshold");
    let genuine = format!("genuine ({})", rates.genuine);
    let impostor = format!("impostor ({})", rates.impostors);
    figure.legend([16.0, 22.0], &[("a fill", &genuine), ("b fill", &impostor)]);
    figure.finish()
}

/// The steps of a histogram, from floor to floor.
fn outline(bins: &[f64]) -> Vec<[f64; 2]> {
    let floor = 1e-7;
    let edge = |index: usize| f64::from(BIN) * index as f64 - 1.0;
    let used = bins
        .iter()
        .position(|bin| *bin > 0.0)
        .zip(bins.iter().rposition(|bin| *bin > 0.0));
    let Some((first, last)) = used else {
        return Vec::new();
    };
    let mut points = vec![[edge(first), floor]];
    for (index, bin) in bins.iter().enumerate().take(last + 1).skip(first) {
        let height = bin.max(floor);
        points.extend([[edge(index), height], [edge(index + 1), height]]);
    }
    points.push([edge(last + 1), floor]);
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_begins_and_ends_on_the_floor() {
        let mut bins = vec![0.0; 100];
        (bins[50], bins[52]) = (0.25, 0.75);
        let points = outline(&bins);
        assert_eq!(points.len(), 8);
        assert!(
            points[0][1] == 1e-7
                && points[7][1] == 1e-7
                && points[1][1] == 0.25
                && points[3][1] == 1e-7
        );
        assert!((points[0][0]).abs() < 1e-6 && (points[7][0] - 0.06).abs() < 1e-6);
        assert!(outline(&[0.0; 100]).is_empty());
    }
}
