//! Tests of the authenticator as a whole, commands in bytes against a store in memory and people before it.
mod credentials;
mod device;
mod extensions;
mod lists;
mod refusals;
