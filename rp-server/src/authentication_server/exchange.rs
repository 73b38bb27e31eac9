//! Messages from a relying party to an authentication server on another machine, and their answers (ISO/IEC 27553-1
//! Annex B, SR-C-1 to SR-C-5). Bytes in, bytes out: how they travel is the caller's.
//!
//! The connection they travel on is TLS 1.3 with a certificate on either side (module `remote`). That keeps them secret
//! and whole, says who is at the other end, and lets nobody repeat a record: without early data, which is not offered,
//! a TLS 1.3 connection takes each record once. What it does not tell apart is the same message *sent* twice: by a
//! library that tries again, by a proxy that ends TLS in front of the server, by someone who got hold of messages in
//! the relying party's memory or log, or one that waited in a queue until nobody wanted it any more. So each message
//! carries an ID of 16 random bytes and the time of its making. The authentication server takes an ID once, and a
//! message only while it is young; it keeps IDs in its store, where every process of it sees them, until their
//! messages are too old to be taken. The machines' clocks must agree within [`WINDOW_MS`].
//!
//! An answer repeats the ID of its message. The relying party takes no other: an answer that belongs to another
//! message is none, whatever it says.

mod calls;
pub(super) mod wire_form;

use std::fmt;

use serde::{Deserialize, Serialize};

pub(super) use calls::{Answer, Call};
use wire_form::Bytes;

use super::{Refusal, StandaloneAuthenticationServer};
use crate::clock::UnixMs;
use crate::json;
use crate::random;
use crate::store::StoreError;

/// How old a message may be, and how far the sender's clock may be ahead.
pub(super) const WINDOW_MS: i64 = 30_000;

#[derive(Serialize, Deserialize)]
struct Message {
    id: Bytes,
    at_ms: UnixMs,
    call: Call,
}

#[derive(Serialize, Deserialize)]
struct Reply {
    to: Bytes,
    answer: Answer,
}

/// Why a message was not taken. Nothing was done.
#[derive(Debug)]
pub enum Rejected {
    /// No message of this form.
    Malformed,
    /// Made too long ago, or in the future.
    Late,
    /// A message with this ID was taken before.
    Repeated,
    /// The store does not answer.
    Unavailable(StoreError),
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("the message is malformed"),
            Self::Late => f.write_str(
                "the message is too old or from the future: do the clocks of both machines agree?",
            ),
            Self::Repeated => f.write_str("the message was taken before"),
            Self::Unavailable(error) => write!(f, "the message cannot be taken now: {error}"),
        }
    }
}

/// A message under way, as its sender remembers it.
pub(super) struct Sent {
    id: [u8; 16],
    /// What to send.
    pub(super) bytes: Vec<u8>,
}

impl Sent {
    /// Makes a message.
    pub(super) fn new(call: Call, at_ms: UnixMs) -> Result<Self, Refusal> {
        let id = random::bytes::<16>()?;
        let message = Message {
            id: Bytes::of(&id),
            at_ms,
            call,
        };
        let bytes = serde_json::to_vec(&message)
            .map_err(|_| Refusal::Internal("a message cannot be written"))?;
        Ok(Self { id, bytes })
    }

    /// Reads the answer to it, and to nothing else.
    pub(super) fn answer(&self, bytes: &[u8]) -> Result<Answer, Refusal> {
        let reply: Reply = json::from_slice(bytes)
            .map_err(|_| Refusal::Internal("the authentication server's answer is malformed"))?;
        if reply.to.read()? != self.id {
            return Err(Refusal::Internal("the answer to another message"));
        }
        Ok(reply.answer)
    }
}

/// Takes messages for an authentication server.
pub struct Inbox {
    server: StandaloneAuthenticationServer,
}

impl Inbox {
    /// In front of `server`.
    pub fn new(server: StandaloneAuthenticationServer) -> Self {
        Self { server }
    }

    /// The authentication server behind it.
    pub fn server(&self) -> &StandaloneAuthenticationServer {
        &self.server
    }

    /// Takes one message of an authenticated relying party, does what it asks, and answers.
    ///
    /// # Errors
    /// [`Rejected`]: then nothing was done.
    pub async fn take(&self, bytes: &[u8]) -> Result<Vec<u8>, Rejected> {
        let message: Message = json::from_slice(bytes).map_err(|_| Rejected::Malformed)?;
        let id = message.id.read().map_err(|_| Rejected::Malformed)?;
        let id = <[u8; 16]>::try_from(id).map_err(|_| Rejected::Malformed)?;
        let age = self.server.now().saturating_sub(message.at_ms);
        if !(-WINDOW_MS..=WINDOW_MS).contains(&age) {
            return Err(Rejected::Late);
        }
        let until = message.at_ms.saturating_add(WINDOW_MS);
        match self.server.admit(&id, until).await {
            Ok(true) => {}
            Ok(false) => return Err(Rejected::Repeated),
            Err(error) => return Err(Rejected::Unavailable(error)),
        }
        let answer = message.call.carry_out(&self.server).await;
        let reply = Reply {
            to: message.id,
            answer: answer.unwrap_or_else(Answer::refused),
        };
        // Plain data of our own: it can be written.
        serde_json::to_vec(&reply).map_err(|_| Rejected::Malformed)
    }
}
