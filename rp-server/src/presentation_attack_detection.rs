//! Which layers of presentation attack detection an authenticator says a person passed.
//!
//! These are names of what was tested, never a level: nobody has certified any of it. The statement is made
//! by code on the person's device and is worth as much as that code (SECURITY.md).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// A layer that ran during a look, and was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// A network judged the face's texture over several frames.
    Texture,
    /// The head turned as asked, in the ceremony's order, as a rigid head does.
    HeadTurn,
    /// The face answered the colours that the screen showed, in the ceremony's order.
    Light,
}

impl Layer {
    /// Every layer, in the order in which lists name them.
    pub const ALL: [Self; 3] = [Self::Texture, Self::HeadTurn, Self::Light];

    /// The name that goes over the wire: `texture`, `head-turn`, `light`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Texture => "texture",
            Self::HeadTurn => "head-turn",
            Self::Light => "light",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no layer's.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the layers are texture, head-turn and light")]
pub struct UnknownLayer;

impl FromStr for Layer {
    type Err = UnknownLayer;

    fn from_str(name: &str) -> Result<Self, UnknownLayer> {
        let known = Self::ALL.into_iter().find(|layer| layer.as_str() == name);
        known.ok_or(UnknownLayer)
    }
}

/// A set of layers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layers(BTreeSet<Layer>);

impl Layers {
    /// Takes a list in which no layer stands twice.
    pub fn without_repeats(list: impl IntoIterator<Item = Layer>) -> Option<Self> {
        let mut set = BTreeSet::new();
        let single = list.into_iter().all(|layer| set.insert(layer));
        single.then_some(Self(set))
    }

    /// Whether every layer of `required` is in this set.
    pub fn include(&self, required: &Self) -> bool {
        required.0.is_subset(&self.0)
    }

    /// The same set without one layer.
    #[must_use]
    pub fn without(&self, layer: Layer) -> Self {
        let others = self.iter().filter(|other| *other != layer);
        Self(others.collect())
    }

    /// The layers, in the order of [`Layer::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = Layer> {
        self.0.iter().copied()
    }

    /// Their names.
    pub fn names(&self) -> Vec<&'static str> {
        self.iter().map(Layer::as_str).collect()
    }

    /// The form in which a store keeps them: the names with a comma between, nothing for none.
    pub fn to_text(&self) -> String {
        self.names().join(",")
    }

    /// Reads what [`Self::to_text`] wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let list: Result<Vec<Layer>, UnknownLayer> = text.split(',').map(Layer::from_str).collect();
        Self::without_repeats(list.ok()?)
    }
}

impl FromIterator<Layer> for Layers {
    fn from_iter<T: IntoIterator<Item = Layer>>(list: T) -> Self {
        Self(list.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_no_others_are() {
        for layer in Layer::ALL {
            assert_eq!(layer.as_str().parse(), Ok(layer));
        }
        for bad in ["", "Texture", "texture ", "level-1", "head turn"] {
            assert_eq!(bad.parse::<Layer>(), Err(UnknownLayer), "{bad}");
        }
    }

    #[test]
    fn a_set_is_kept_as_text_and_read_back_strictly() {
        for number in 0..8_u8 {
            let chosen = |place: usize| number >> place & 1 == 1;
            let list = Layer::ALL.into_iter().enumerate();
            let set: Layers = list.filter(|(i, _)| chosen(*i)).map(|(_, l)| l).collect();
            assert_eq!(Layers::from_text(&set.to_text()), Some(set));
        }
        for bad in ["texture,texture", "texture,", ",", "texture,level-1"] {
            assert_eq!(Layers::from_text(bad), None, "{bad}");
        }
    }

    #[test]
    fn every_required_layer_must_be_there() {
        let set = |list: &[Layer]| list.iter().copied().collect::<Layers>();
        let both = set(&[Layer::Texture, Layer::HeadTurn]);
        assert!(both.include(&both) && both.include(&set(&[])));
        assert!(set(&Layer::ALL).include(&both));
        assert!(!set(&[Layer::Texture, Layer::Light]).include(&both));
        assert!(!both.include(&set(&[Layer::Light])));
        assert!(both.include(&set(&Layer::ALL).without(Layer::Light)));
    }
}
