//! A client that speaks to the socket itself: slow, wrong, or silent.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::settings::RP;

/// What came back until the server ended the connection.
#[derive(Debug)]
pub(crate) struct Talk {
    pub(crate) reply: String,
    /// From the last byte sent to the end of the connection.
    pub(crate) ended_after: Duration,
}

impl Talk {
    #[track_caller]
    pub(crate) fn status(&self) -> u16 {
        let status = self.reply.strip_prefix("HTTP/1.1 ").map(|rest| &rest[..3]);
        status.map_or_else(|| panic!("no answer: {self:?}"), |s| s.parse().unwrap())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let head = self.reply.split("\r\n\r\n").next()?;
        head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// The head of a call, with a body of `length` to follow.
pub(crate) fn head(path: &str, length: usize) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: {RP}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    )
}

/// Sends `first` at once and then a byte of `slow` every `pace`, until the server ends the connection.
pub(crate) async fn talk(base: &str, first: String, slow: &'static str, pace: Duration) -> Talk {
    let address = base.trim_start_matches("http://").to_owned();
    actix_web::web::block(move || talk_blocking(&address, &first, slow, pace))
        .await
        .unwrap()
}

fn talk_blocking(address: &str, first: &str, slow: &str, pace: Duration) -> Talk {
    let mut stream = TcpStream::connect(address).unwrap();
    // A server that has seen enough may hang up before all is sent.
    let _ = stream.write_all(first.as_bytes());
    let sent = Instant::now();
    let mut bytes = slow.bytes();
    let mut reply = Vec::new();
    stream.set_read_timeout(Some(pace)).unwrap();
    loop {
        let mut part = [0; 4096];
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(count) => reply.extend(&part[..count]),
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                if let Some(byte) = bytes.next() {
                    let _ = stream.write_all(&[byte]);
                }
            }
            Err(e) if matches!(e.kind(), ErrorKind::ConnectionReset) => break,
            Err(e) => panic!("{e}"),
        }
        assert!(sent.elapsed() < Duration::from_secs(40), "still open");
    }
    Talk {
        reply: String::from_utf8_lossy(&reply).into_owned(),
        ended_after: sent.elapsed(),
    }
}

/// A connection that is kept, for calls one after the other.
pub(crate) struct Kept(TcpStream);

impl Kept {
    pub(crate) fn open(base: &str) -> Self {
        let stream = TcpStream::connect(base.trim_start_matches("http://")).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    /// The status, head and body of the answer to a POST, and how long it took.
    pub(crate) fn post(&mut self, path: &str, cookie: &str, body: &str) -> (u16, String, Duration) {
        let length = body.len();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nOrigin: {RP}\r\nCookie: {cookie}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        let sent = Instant::now();
        self.0.write_all(request.as_bytes()).unwrap();
        let mut reply = Vec::new();
        loop {
            let mut part = [0; 8192];
            let count = self.0.read(&mut part).unwrap();
            assert!(count > 0, "the server hung up");
            reply.extend(&part[..count]);
            let text = String::from_utf8_lossy(&reply);
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            if body.len() == length.unwrap().parse::<usize>().unwrap() {
                return (
                    head[9..12].parse().unwrap(),
                    text.into_owned(),
                    sent.elapsed(),
                );
            }
        }
    }
}
