//! A small generator of pseudo-random numbers, so that every presentation follows from its seed alone.

use measuring::random::SplitMix64;

/// Numbers of many kinds from [`SplitMix64`]. Not for secrets.
#[derive(Clone, Debug)]
pub struct Random(SplitMix64);

impl Random {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(SplitMix64(seed))
    }

    /// A generator for a named part, so that one part's use of numbers does not move another's.
    pub fn part(seed: u64, name: &str) -> Self {
        let mut random = Self::new(seed);
        for byte in name.bytes() {
            random = Self::new(random.bits() ^ u64::from(byte));
        }
        random
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_bits()
    }

    /// Uniform in 0..1.
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1_u32 << 24) as f32
    }

    /// Uniform between two numbers.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// True with the given probability.
    pub fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// A number below `count`, which is at least 1.
    pub fn below(&mut self, count: usize) -> usize {
        (self.bits() % count as u64) as usize
    }

    /// Normally distributed, mean 0 and deviation 1 (Irwin–Hall sum of twelve: ends at six deviations, as noise does).
    pub fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }

    /// 32 bytes, as the name of a ceremony.
    pub fn bytes(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for part in bytes.chunks_mut(8) {
            part.copy_from_slice(&self.bits().to_be_bytes());
        }
        bytes
    }
}

/// A value that wanders around zero: an Ornstein–Uhlenbeck process, as a hand that tries to be still.
#[derive(Clone, Debug)]
pub struct Wander {
    value: f32,
    size: f32,
    keep: f32,
}

impl Wander {
    /// Wanders with standard deviation `size`, forgetting itself over about `frames` steps.
    pub fn new(size: f32, frames: f32) -> Self {
        Self {
            value: 0.0,
            size,
            keep: (-1.0 / frames).exp(),
        }
    }

    /// The next value.
    pub fn step(&mut self, random: &mut Random) -> f32 {
        let push = self.size * (1.0 - self.keep * self.keep).sqrt();
        self.value = self.keep * self.value + push * random.normal();
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_parts_differ() {
        let series = |mut random: Random| -> Vec<u64> { (0..8).map(|_| random.bits()).collect() };
        assert_eq!(series(Random::new(7)), series(Random::new(7)));
        assert_ne!(series(Random::new(7)), series(Random::new(8)));
        assert_ne!(series(Random::part(7, "a")), series(Random::part(7, "b")));
    }

    #[test]
    fn the_distributions_are_what_they_are_called() {
        let mut random = Random::new(1);
        let mut wander = Wander::new(3.0, 5.0);
        let count = 20_000;
        let (mut mean, mut square, mut wandered) = (0.0, 0.0, 0.0);
        for _ in 0..count {
            let value = random.normal();
            mean += value / count as f32;
            square += value * value / count as f32;
            wandered += wander.step(&mut random).powi(2) / count as f32;
        }
        assert!(
            mean.abs() < 0.03 && (square - 1.0).abs() < 0.05,
            "{mean} {square}"
        );
        assert!((wandered.sqrt() - 3.0).abs() < 0.3, "{wandered}");
        assert!((0..100).all(|_| (2.0..5.0).contains(&random.between(2.0, 5.0))));
    }
}
