//! Messages over standard input and output.

use std::io::{Read, Write, stdin, stdout};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

use ctap2::command::MAX_MESSAGE;

const CBOR: u8 = 0x10;
const CANCEL: u8 = 0x11;
const KEEPALIVE: u8 = 0x3b;
/// Status of a keep-alive: the person is needed (CTAP 2.1, 11.2.9.2.1).
const UP_NEEDED: u8 = 2;

/// The way to the platform.
pub(crate) struct Pipe {
    cancelled: Arc<AtomicBool>,
}

/// The platform's commands as they come, until it closes its end, and the way back.
pub(crate) fn open() -> (Receiver<Vec<u8>>, Pipe) {
    let (send, commands) = sync_channel(0);
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&cancelled);
    std::thread::spawn(move || {
        let mut input = stdin().lock();
        while let Some((kind, message)) = next(&mut input) {
            match kind {
                CBOR => {
                    // Cleared here, where the order of messages is known.
                    flag.store(false, Ordering::SeqCst);
                    if send.send(message).is_err() {
                        return;
                    }
                }
                CANCEL => flag.store(true, Ordering::SeqCst),
                _ => {}
            }
        }
    });
    (commands, Pipe { cancelled })
}

/// The next message; `None` at the end of the input, or when it makes no sense.
fn next(input: &mut impl Read) -> Option<(u8, Vec<u8>)> {
    let mut length = [0; 4];
    input.read_exact(&mut length).ok()?;
    let length = usize::try_from(u32::from_be_bytes(length)).ok()?;
    // One byte more than is allowed is passed on, so that the authenticator refuses it.
    if !(1..=MAX_MESSAGE.saturating_add(2)).contains(&length) {
        eprintln!("ctap-device: a message of {length} bytes");
        return None;
    }
    let mut message = vec![0; length];
    input.read_exact(&mut message).ok()?;
    let kind = message.remove(0);
    Some((kind, message))
}

impl Pipe {
    /// Whether the platform took its command back.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// Tells the platform that the person is still needed.
    pub(crate) fn wait(&self) -> Result<(), String> {
        write(KEEPALIVE, &[UP_NEEDED])
    }

    /// Hands over an answer.
    pub(crate) fn answer(&self, answer: &[u8]) -> Result<(), String> {
        write(CBOR, answer)
    }
}

fn write(kind: u8, message: &[u8]) -> Result<(), String> {
    let gone = |_| "the platform is gone".to_owned();
    let length = u32::try_from(message.len().saturating_add(1)).map_err(|_| "a long answer")?;
    let bytes = [&length.to_be_bytes(), &[kind][..], message].concat();
    let mut output = stdout().lock();
    output
        .write_all(&bytes)
        .and_then(|()| output.flush())
        .map_err(gone)
}
