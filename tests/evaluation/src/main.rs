//! `evaluation verification|presentation-attacks DIR`: error rates of the biometric system with their bounds.

fn main() {}
