//! SIGTERM, as a service manager sends it: what is under way is finished, nothing new begins, and it ends in time.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::support::process::{serve, started};
use crate::support::raw::head;

const PATH: &str = "/api/authentication/options";

fn terminate(child: &Child) -> Instant {
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-TERM", &id]).status();
    assert!(sent.unwrap().success());
    Instant::now()
}

/// A call whose head has arrived and whose body is still to come.
fn begin_call(address: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "{}{{", head(PATH, 2)).unwrap();
    // Until the server has read it.
    std::thread::sleep(Duration::from_millis(300));
    stream
}

fn relying_party(lines: &[String]) -> &str {
    lines[0]
        .strip_prefix("listening relying-party http://")
        .unwrap()
}

#[test]
fn a_call_under_way_is_finished_and_no_new_one_begins() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, lines) = started(serve(folder.path(), "sqlite:data/mien.db"));
    let address = relying_party(&lines);
    let mut call = begin_call(address);
    let asked = terminate(&child);
    let refused = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        TcpStream::connect(address).is_err()
    });
    assert!(refused, "new connections are still taken");
    assert!(child.try_wait().unwrap().is_none(), "it waits for the call");
    call.write_all(b"}").unwrap();
    let mut reply = String::new();
    call.read_to_string(&mut reply).unwrap();
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    assert!(reply.contains("\"challenge\""), "{reply}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(
        asked.elapsed() < Duration::from_secs(5),
        "{:?}",
        asked.elapsed()
    );
}

#[test]
fn a_call_that_never_ends_does_not_hold_it_up_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, lines) = started(serve(folder.path(), "sqlite:data/mien.db"));
    let mut call = begin_call(relying_party(&lines));
    let asked = terminate(&child);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(
        asked.elapsed() < Duration::from_secs(18),
        "{:?}",
        asked.elapsed()
    );
    let mut reply = String::new();
    call.read_to_string(&mut reply).unwrap();
    assert!(reply.starts_with("HTTP/1.1 408"), "{reply}");
}
