//! The colours of a look, drawn from its ceremony.

use super::Seed;

/// Colours in one look.
pub(super) const COLOURS: usize = 8;

/// The colours drawn from, as sRGB. None is saturated red in the sense of WCAG 2.3.1.
pub(super) const PALETTE: [[u8; 3]; 6] = [
    [255, 112, 112],
    [64, 255, 96],
    [96, 128, 255],
    [255, 230, 64],
    [64, 240, 255],
    [255, 96, 240],
];

/// The colours of a look. The digest for "mien/light/1" gives one byte for each: the first byte modulo six
/// is the first colour; each further byte modulo five, plus one, is how far the next colour lies from the
/// one before it in the palette, so that no two neighbours are equal.
pub(crate) fn colours(seed: Seed) -> [[u8; 3]; COLOURS] {
    let mut colours = [[0; 3]; COLOURS];
    let mut at = 0;
    let digest = seed.digest("mien/light/1");
    for (index, (colour, byte)) in colours.iter_mut().zip(digest).enumerate() {
        at = if index == 0 {
            usize::from(byte) % PALETTE.len()
        } else {
            (at + 1 + usize::from(byte) % (PALETTE.len() - 1)) % PALETTE.len()
        };
        *colour = PALETTE.get(at).copied().unwrap_or_default();
    }
    colours
}

/// Linear light, 0 to 1, of an sRGB value (IEC 61966-2-1).
pub(super) fn linear(value: u8) -> f64 {
    let value = f64::from(value) / 255.0;
    if value <= 0.040_45 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::CeremonyId;

    #[test]
    fn no_colour_is_saturated_red() {
        for colour in PALETTE {
            let [red, green, blue] = colour.map(linear);
            assert!(red / (red + green + blue) < 0.8, "{colour:?}");
        }
    }

    #[test]
    fn neighbours_differ_and_every_look_has_its_own_order() {
        let mut seen = std::collections::HashSet::new();
        for byte in 0..50 {
            for attempt in 0..4 {
                let ceremony = CeremonyId::new([byte; 32]);
                let colours = colours(Seed { ceremony, attempt });
                assert!(colours.windows(2).all(|pair| pair[0] != pair[1]));
                assert!(colours.iter().all(|colour| PALETTE.contains(colour)));
                seen.insert(colours);
            }
        }
        assert!(seen.len() > 195, "{} of 200", seen.len());
    }
}
