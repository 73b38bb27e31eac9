//! Diagrams as SVG: one file for light and dark, readable at 640 pixels.

use std::fmt::Write as _;

/// Width and height of every diagram; text is 15 units high.
pub(crate) const SIZE: [f64; 2] = [640.0, 420.0];
/// Left, top, right and bottom edge of the plotted area.
const AREA: [f64; 4] = [76.0, 44.0, 620.0, 360.0];

/// Colours follow the reader's setting; the hues are told apart also by those who see red and green alike.
const STYLE: &str = "text{font:15px system-ui,sans-serif;fill:#1f2328}.axis,.grid{stroke:#8c959f;fill:none}\
.grid{stroke-opacity:.3}.a{stroke:#0969da}.b{stroke:#bc4c00}.c{stroke:#6e7781}.a,.b,.c{fill:none;stroke-width:2.5}\
.c{stroke-dasharray:7 5}.fill{stroke-width:1.5;fill-opacity:.25}.a.fill,.dot{fill:#0969da}.b.fill{fill:#bc4c00}\
.mark{stroke:#1f2328;stroke-dasharray:3 4;fill:none}.back{fill:#fff}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.back{fill:#0d1117}.a{stroke:#58a6ff}.b{stroke:#f0883e}\
.c{stroke:#8b949e}.a.fill,.dot{fill:#58a6ff}.b.fill{fill:#f0883e}.mark{stroke:#e6edf3}}";

/// A scale of an axis: where a value lies between the ends, 0 to 1.
pub(crate) type Scale = fn(f64) -> f64;

/// One axis: its ends, its scale, its ticks with their names, its title.
pub(crate) struct Axis<'a> {
    pub(crate) ends: [f64; 2],
    pub(crate) scale: Scale,
    pub(crate) ticks: Vec<(f64, String)>,
    pub(crate) title: &'a str,
}

impl Axis<'_> {
    fn part(&self, value: f64) -> f64 {
        let [low, high] = self.ends.map(self.scale);
        (((self.scale)(value) - low) / (high - low)).clamp(0.0, 1.0)
    }
}

/// A diagram in the making.
pub(crate) struct Figure<'a> {
    x: Axis<'a>,
    y: Axis<'a>,
    body: String,
}

impl<'a> Figure<'a> {
    /// Draws the axes. `title` is for the eye, `description` for those who have it read out.
    pub(crate) fn new(title: &str, description: &str, x: Axis<'a>, y: Axis<'a>) -> Self {
        let [width, height] = SIZE;
        let mut body = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
             <title>{title}</title>\n<desc>{description}</desc>\n<style>{STYLE}</style>\n\
             <rect class=\"back\" width=\"{width}\" height=\"{height}\"/>\n"
        );
        let [left, top, right, bottom] = AREA;
        add(&mut body, left, 24.0, "start", title);
        add(
            &mut body,
            left.midpoint(right),
            height - 12.0,
            "middle",
            x.title,
        );
        let middle = top.midpoint(bottom);
        let _ = writeln!(
            body,
            "<text transform=\"translate(18 {middle}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
            y.title
        );
        let mut figure = Self { x, y, body };
        for (value, name) in std::mem::take(&mut figure.x.ticks) {
            let [at, _] = figure.place([value, figure.y.ends[0]]);
            figure.path("grid", &format!("M{at:.1} {top}V{bottom}"));
            add(&mut figure.body, at, bottom + 20.0, "middle", &name);
        }
        for (value, name) in std::mem::take(&mut figure.y.ticks) {
            let [_, at] = figure.place([figure.x.ends[0], value]);
            figure.path("grid", &format!("M{left} {at:.1}H{right}"));
            add(&mut figure.body, left - 8.0, at + 5.0, "end", &name);
        }
        figure.path("axis", &format!("M{left} {top}V{bottom}H{right}"));
        figure
    }

    fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [left, top, right, bottom] = AREA;
        [
            left + self.x.part(x) * (right - left),
            bottom - self.y.part(y) * (bottom - top),
        ]
    }

    fn path(&mut self, class: &str, data: &str) {
        let _ = writeln!(self.body, "<path class=\"{class}\" d=\"{data}\"/>");
    }

    /// A line through points, given as values of the axes.
    pub(crate) fn line(&mut self, class: &str, points: impl IntoIterator<Item = [f64; 2]>) {
        let mut data = String::new();
        for (index, point) in points.into_iter().enumerate() {
            let [x, y] = self.place(point);
            let _ = write!(data, "{}{x:.1} {y:.1}", if index == 0 { 'M' } else { 'L' });
        }
        self.path(class, &data);
    }

    /// A dot with whiskers to the bounds of its height, and a name beside it.
    pub(crate) fn dot(&mut self, [x, y]: [f64; 2], bounds: [f64; 2], name: &str) {
        let [at_x, at_y] = self.place([x, y]);
        self.line("mark", bounds.map(|bound| [x, bound]));
        let _ = writeln!(
            self.body,
            "<circle class=\"dot\" cx=\"{at_x:.1}\" cy=\"{at_y:.1}\" r=\"4.5\"/>"
        );
        add(&mut self.body, at_x + 8.0, at_y - 8.0, "start", name);
    }

    /// A vertical line at a value of the horizontal axis, named at its top.
    pub(crate) fn mark(&mut self, x: f64, name: &str) {
        let [low, high] = self.y.ends;
        self.line("mark", [[x, low], [x, high]]);
        let [at, _] = self.place([x, low]);
        add(&mut self.body, at + 6.0, AREA[1] + 14.0, "start", name);
    }

    /// Names of the lines, one below the other from the given corner of the area.
    pub(crate) fn legend(&mut self, [x, y]: [f64; 2], names: &[(&str, &str)]) {
        let (mut at, x) = (AREA[1] + y, AREA[0] + x);
        for (class, name) in names {
            self.path(class, &format!("M{x} {:.1}h28", at - 5.0));
            add(&mut self.body, x + 36.0, at, "start", name);
            at += 21.0;
        }
    }

    /// The finished file.
    pub(crate) fn finish(self) -> String {
        self.body + "</svg>\n"
    }
}

fn add(body: &mut String, x: f64, y: f64, anchor: &str, text: &str) {
    let _ = writeln!(
        body,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
    );
}

/// The quantile of the normal distribution, on which error trade-off curves become nearly straight
/// (Martin et al., 1997). Rational approximation of Abramowitz and Stegun, 26.2.23: good to 5e-4.
pub(crate) fn probit(part: f64) -> f64 {
    let part = part.clamp(1e-9, 1.0 - 1e-9);
    let t = (-2.0 * part.min(1.0 - part).ln()).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let quantile = t - above / below;
    if part < 0.5 { -quantile } else { quantile }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_the_normal_distribution() {
        for (part, quantile) in [
            (0.5, 0.0),
            (0.025, -1.959_964),
            (0.975, 1.959_964),
            (1e-4, -3.719_016),
            (1e-6, -4.753_424),
        ] {
            assert!((probit(part) - quantile).abs() < 5e-4, "{part}");
        }
    }

    #[test]
    fn values_land_where_the_axes_say() {
        let axis = || Axis {
            ends: [1.0, 100.0],
            scale: f64::log10,
            ticks: vec![(10.0, "ten".to_owned())],
            title: "t",
        };
        let mut figure = Figure::new("a", "b", axis(), axis());
        assert_eq!(figure.place([1.0, 1.0]), [AREA[0], AREA[3]]);
        assert_eq!(figure.place([10.0, 1e9]), [348.0, AREA[1]]);
        figure.line("a", [[1.0, 1.0], [100.0, 100.0]]);
        let svg = figure.finish();
        assert!(svg.contains("M76.0 360.0L620.0 44.0") && svg.contains(">ten</text>"));
        assert!(
            svg.starts_with("<svg ")
                && svg.ends_with("</svg>\n")
                && svg.contains("prefers-color-scheme:dark")
        );
    }
}
