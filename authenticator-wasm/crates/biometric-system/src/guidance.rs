//! What the person is told while the camera runs: one stable hint per frame, and the progress made.

/// The hint to show for the last frame. Left and right are the person's own, which are also the left
/// and right of a mirrored preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guidance {
    /// No face was found.
    NoFace,
    /// More than one face is in view; nothing is captured while this is so.
    SeveralFaces,
    /// The face is too small.
    MoveCloser,
    /// The face is too large, or its edges leave the frame because it is too near.
    MoveBack,
    /// The face is not near the middle of the frame.
    CentreFace,
    /// The face is too dark.
    MoreLight,
    /// The face is too bright.
    LessLight,
    /// The face moves too fast or the picture is blurred.
    HoldStill,
    /// Look straight at the camera.
    LookAhead,
    /// Turn the head a little to the person's own left.
    TurnLeft,
    /// Turn the head a little to the person's own right.
    TurnRight,
    /// The picture does not change at all: not a live camera view.
    FrozenPicture,
    /// All is well; captures are being taken.
    Good,
}

impl Guidance {
    /// The stable kebab-case name used on the message port.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoFace => "no-face",
            Self::SeveralFaces => "several-faces",
            Self::MoveCloser => "move-closer",
            Self::MoveBack => "move-back",
            Self::CentreFace => "centre-face",
            Self::MoreLight => "more-light",
            Self::LessLight => "less-light",
            Self::HoldStill => "hold-still",
            Self::LookAhead => "look-ahead",
            Self::TurnLeft => "turn-left",
            Self::TurnRight => "turn-right",
            Self::FrozenPicture => "frozen-picture",
            Self::Good => "good",
        }
    }
}

/// Where the face is, as fractions of the frame's width and height (not mirrored), for the ring only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceBox {
    /// Left edge, 0 to 1 of the frame's width.
    pub x: f32,
    /// Top edge, 0 to 1 of the frame's height.
    pub y: f32,
    /// Width as a fraction of the frame's width.
    pub width: f32,
    /// Height as a fraction of the frame's height.
    pub height: f32,
}

/// The answer to one offered frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// The hint to show.
    pub guidance: Guidance,
    /// Parts of the run that are done.
    pub captured: u8,
    /// Parts that the whole run has.
    pub needed: u8,
    /// Nothing more is wanted: call `finish` or `decide`. Also when the run has failed and will be refused.
    pub complete: bool,
    /// The largest face found, if any.
    pub face: Option<FaceBox>,
    /// The colour (sRGB) that the whole screen should show from now on; none for its usual look.
    pub light: Option<[u8; 3]>,
}

/// Whether the screen may light the face with colours in turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// It may, at no more than three flashes a second and without saturated red.
    Offered,
    /// The person wants none, or the screen cannot: a further head turn takes its place.
    Declined,
}

/// A hint must hold for this long before it replaces the one on the screen.
const STEADY_MS: f64 = 250.0;

/// Keeps the shown hint steady: single frames that differ do not make it flicker.
#[derive(Default)]
pub(crate) struct Hint {
    shown: Option<Guidance>,
    next: Option<(Guidance, f64)>,
}

impl Hint {
    /// The hint to show, given that the frame at `at_ms` calls for `hint`.
    pub(crate) fn show(&mut self, hint: Guidance, at_ms: f64) -> Guidance {
        let since = match self.next {
            Some((next, since)) if next == hint => since,
            _ => at_ms,
        };
        self.next = Some((hint, since));
        // A frozen picture has been judged over two seconds already.
        let steady = at_ms - since >= STEADY_MS || hint == Guidance::FrozenPicture;
        match self.shown {
            Some(shown) if !steady => shown,
            _ => *self.shown.insert(hint),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Guidance::{FrozenPicture, Good, HoldStill, NoFace};

    #[test]
    fn single_frames_do_not_flicker() {
        let mut hint = Hint::default();
        let frames = [
            (NoFace, 0.0, NoFace),
            (Good, 66.0, NoFace),
            (Good, 132.0, NoFace),
            (HoldStill, 198.0, NoFace),
            (Good, 264.0, NoFace),
            (Good, 500.0, NoFace),
            (Good, 514.0, Good),
            (HoldStill, 580.0, Good),
            (FrozenPicture, 646.0, FrozenPicture),
        ];
        for (raw, at, shown) in frames {
            assert_eq!(hint.show(raw, at), shown, "at {at}");
        }
    }

    #[test]
    fn every_name_is_kebab_case() {
        for guidance in [NoFace, Good, HoldStill, FrozenPicture, Guidance::TurnLeft] {
            assert!(
                guidance
                    .as_str()
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b == b'-')
            );
        }
    }
}
