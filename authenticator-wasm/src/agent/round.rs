//! Which look of a ceremony this is: the order of turns and colours that it asks for follows from it.

use biometric_system::Light;

/// One look of a ceremony.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Round {
    attempt: u32,
    light: Light,
    begun: bool,
}

impl Round {
    /// The first look.
    pub(super) const fn first(light: Light) -> Self {
        Self {
            attempt: 0,
            light,
            begun: false,
        }
    }

    /// A frame was offered: whoever saw what was asked for must not be asked for the same again.
    pub(super) const fn begin(&mut self) {
        self.begun = true;
    }

    /// The next look of the same ceremony; it asks for another order unless this one never began.
    pub(super) const fn next(self, light: Light) -> Self {
        Self {
            attempt: self.attempt.saturating_add(if self.begun { 1 } else { 0 }),
            light,
            begun: false,
        }
    }

    /// 0 for the first look.
    pub(super) const fn attempt(self) -> u32 {
        self.attempt
    }

    /// Whether the screen may show colours.
    pub(super) const fn light(self) -> Light {
        self.light
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_that_began_is_never_asked_for_again() {
        let mut round = Round::first(Light::Offered);
        for attempt in 0..4 {
            assert_eq!(round.attempt(), attempt);
            round.begin();
            round = round.next(Light::Offered);
        }
    }

    #[test]
    fn a_change_of_mind_before_the_first_frame_costs_nothing() {
        let round = Round::first(Light::Offered).next(Light::Declined);
        assert_eq!(round, Round::first(Light::Declined));
    }
}
