//! The conformance statement (`conformance.json`): what it must say, and how its claims are held against the tests.

pub mod identifiers;
pub mod sources;
pub mod statement;
