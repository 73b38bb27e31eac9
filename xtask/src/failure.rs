//! What went wrong, in one sentence for the person at the terminal.

use std::fmt;

/// A failure that names the cause and, where there is one, the cure.
#[derive(Debug)]
pub(crate) struct Failure(String);

/// The result of a task.
pub(crate) type Result<T = ()> = std::result::Result<T, Failure>;

impl Failure {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Puts the thing that was being done in front of a lower error.
pub(crate) trait Context<T> {
    fn context(self, doing: impl fmt::Display) -> Result<T>;
}

impl<T, E: fmt::Display> Context<T> for std::result::Result<T, E> {
    fn context(self, doing: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Failure(format!("{doing}: {error}")))
    }
}

/// Leaves the function with a [`Failure`] made from a format string.
macro_rules! fail {
    ($($part:tt)*) => { return Err($crate::failure::Failure::new(format!($($part)*))) };
}
pub(crate) use fail;
