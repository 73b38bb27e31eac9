//! Clients that read their answers slowly or not at all, over real sockets: none keeps its connection for ever.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use rustix::net::sockopt::set_socket_recv_buffer_size;
use tempfile::TempDir;

use crate::support::process::{Process, serve};

/// More than the buffers of both kernels hold.
const LARGE: u64 = 64 << 20;
const SMALL: u64 = 1 << 20;
/// More than the workers' stacks and allocators would hide.
const CLIENTS: usize = 300;

fn server() -> Process {
    let folder = TempDir::new().unwrap();
    let command = serve(folder.path(), "sqlite:data/mien.db");
    for (name, size) in [("large.txt", LARGE), ("small.txt", SMALL)] {
        let file = File::create(folder.path().join("rp").join(name)).unwrap();
        file.set_len(size).unwrap();
    }
    Process::of(command, folder)
}

/// A client with a small buffer that has asked for a file.
fn asked(server: &Process, file: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    set_socket_recv_buffer_size(&stream, 16 << 10).unwrap();
    write!(stream, "GET /{file} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    stream
}

/// Reads what comes in `count` parts, one at every `pace`; how many bytes came.
fn read(stream: &mut TcpStream, part: usize, pace: Duration, count: usize) -> u64 {
    let mut bytes = vec![0; part];
    let parts = (0..count).map(|_| {
        thread::sleep(pace);
        u64::try_from(stream.read(&mut bytes).unwrap()).unwrap()
    });
    parts.sum()
}

/// What the process holds.
struct Held {
    descriptors: usize,
    /// Those of the large file: one for each answer under way.
    answers: usize,
    resident_kb: u64,
}

fn held(server: &Process) -> Held {
    let of = format!("/proc/{}", server.id());
    let status = fs::read_to_string(format!("{of}/status")).unwrap();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let resident = resident.unwrap().trim().trim_end_matches(" kB");
    let open = fs::read_dir(format!("{of}/fd")).unwrap();
    // One that is closed meanwhile has no target any more.
    let open: Vec<_> = open
        .filter_map(|each| fs::read_link(each.unwrap().path()).ok())
        .collect();
    Held {
        descriptors: open.len(),
        answers: open.iter().filter(|to| to.ends_with("large.txt")).count(),
        resident_kb: resident.parse().unwrap(),
    }
}

/// What is held as soon as so many answers are under way.
fn when(server: &Process, answers: usize) -> Held {
    let start = Instant::now();
    loop {
        let held = held(server);
        if held.answers == answers {
            return held;
        }
        let under_way = held.answers;
        assert!(
            start.elapsed().as_secs() < 60,
            "{under_way} answers are under way after a minute, not {answers}"
        );
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn who_does_not_read_is_cut_off_and_what_that_took_comes_back() {
    let server = server();
    let round = || {
        let clients: Vec<_> = (0..CLIENTS).map(|_| asked(&server, "large.txt")).collect();
        when(&server, CLIENTS);
        // Each is given 20 s, counted from when the machine came to serve it.
        when(&server, 0);
        for mut client in clients {
            let ended = client.read_to_end(&mut Vec::new());
            assert_eq!(ended.unwrap_err().kind(), ErrorKind::ConnectionReset);
        }
        held(&server)
    };
    // What the first round left with the allocator is enough for the second.
    let (first, second) = (round(), round());
    let (before, after) = (first.descriptors, second.descriptors);
    assert!(after < before + 10, "{before} descriptors, then {after}");
    let (before, after) = (first.resident_kb, second.resident_kb);
    assert!(after < before + before / 5, "{before} kB, then {after} kB");
    let mut well = TcpStream::connect(server.address()).unwrap();
    write!(well, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut reply = [0; 12];
    well.read_exact(&mut reply).unwrap();
    assert_eq!(&reply, b"HTTP/1.1 200");
}

#[test]
fn who_reads_by_drops_is_cut_off_and_who_reads_slowly_is_not() {
    let server = server();
    let mut drops = asked(&server, "large.txt");
    let mut slowly = asked(&server, "small.txt");
    let start = Instant::now();
    let steady = thread::spawn(move || {
        let mut all = 0;
        while all < SMALL {
            all += read(&mut slowly, 16 << 10, Duration::from_millis(450), 1);
        }
        start.elapsed()
    });
    assert_eq!(read(&mut drops, 1, Duration::from_millis(300), 100), 100);
    // It may still read what its own kernel has.
    let ended = drops.read_to_end(&mut Vec::new());
    assert_eq!(ended.unwrap_err().kind(), ErrorKind::ConnectionReset);
    let took = steady.join().unwrap();
    assert!(
        took.as_secs() > 25,
        "{took:?}: longer than one part may take"
    );
}
