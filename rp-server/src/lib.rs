//! A WebAuthn relying-party server for actix-web, with the roles of ISO/IEC 27553-1: an RP server
//! ([`relying_party`]) in front of an authentication server ([`authentication_server`]).
//!
//! In an actix application of your own:
//!
//! ```no_run
#![doc = include_str!("../examples/minimal.rs")]
//! ```
//!
//! # A ceremony
//!
//! | call | what happens | what the browser keeps |
//! |---|---|---|
//! | `POST /api/registration/options` | name and policy are checked; 32 random bytes are kept with the ceremony's state | a cookie that binds it to the ceremony |
//! | the page | `navigator.credentials.create`, or our agent's look | the credential |
//! | `POST /api/registration/result` | the ceremony is taken out of the store; section 7.1 of WebAuthn Level 3; credential, account and session are written together | a cookie with the session |
//! | `POST /api/authentication/options`, `…/result` | the same with section 7.2; without a name any discoverable credential may answer (and conditional mediation works) | a new session |
//! | `POST /api/deregistration` | needs a fresh session; credential, sessions and open ceremonies go together | the statement that tells the agent to erase its part |
//!
//! Every ceremony is used once and lives two minutes. What is verified is a value ([`authentication_server::VerifiedRegistration`],
//! [`authentication_server::VerifiedAuthentication`]), and nothing else makes a record or a session. `/openapi.json`
//! describes every call and every refusal.
//!
//! # Your application
//!
//! - [`AuthenticatedUser`] and [`FreshlyVerifiedUser`] as arguments of your handlers say who is signed in.
//! - [`AccountHooks`] are asked before an account is made and told after it was made or deleted, for a user table of
//!   your own.
//! - [`settings::Settings`] reads the configuration from a file and the environment; [`Config`] takes it from code.
//! - `/healthz`, `/readyz` and `/metrics` are for the operator.

#![deny(missing_docs)]
#![warn(clippy::missing_errors_doc)]

#[cfg(all(feature = "conformance-test-api", not(debug_assertions)))]
compile_error!(
    "the feature `conformance-test-api` is for tests: its calls pass no check of their origin and no rate limit. \
     Build without it, or with debug assertions"
);

pub mod agent_provider;
pub mod attestation;
pub mod authentication_server;
pub mod clock;
pub mod config;
mod encoding;
pub mod http;
mod json;
pub mod presentation_attack_detection;
mod random;
pub mod relying_party;
pub mod remote;
pub mod serve;
pub mod settings;
pub mod store;
pub mod user_verification;

pub use async_trait::async_trait;
pub use config::{Config, Controller};
pub use http::{AuthenticatedUser, FreshlyVerifiedUser, Service, configure};
pub use random::NoRandom;
pub use relying_party::AccountHooks;
