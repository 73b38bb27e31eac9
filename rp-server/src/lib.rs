//! A WebAuthn relying-party server for actix-web, with the roles of ISO/IEC 27553-1: an RP server
//! ([`relying_party`]) in front of an authentication server ([`authentication_server`]).
//!
//! In an actix application of your own:
//!
//! ```no_run
#![doc = include_str!("../examples/minimal.rs")]
//! ```

pub mod authentication_server;
pub mod clock;
pub mod config;
mod encoding;
pub mod http;
mod json;
pub mod presentation_attack_detection;
mod random;
pub mod relying_party;
pub mod serve;
pub mod settings;
pub mod store;

pub use async_trait::async_trait;
pub use config::{Config, Controller};
pub use http::{AuthenticatedUser, FreshlyVerifiedUser, Service, configure};
pub use random::NoRandom;
pub use relying_party::AccountHooks;
