//! Integration tests: the real server on port 0, a real SQLite file, a software authenticator.

mod support;

mod authentication;
mod bad_input;
mod command_line;
mod deregistration;
mod headers;
mod operations;
mod registration;
mod sessions;
mod static_files;
