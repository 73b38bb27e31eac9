//! Presentation attacks and bona fide presentations, made from real video by a seed.
