//! `presentation-attacks`: writes the presentations as video for a fake camera.

fn main() {}
