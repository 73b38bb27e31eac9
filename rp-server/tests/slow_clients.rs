//! Clients that are slow or silent, over real sockets: each is answered or not, and none keeps its connection.

use std::time::Duration;

use crate::support::raw::{Talk, head, talk};
use crate::support::server::Server;

const PACE: Duration = Duration::from_millis(400);
const OPTIONS: &str = "/api/authentication/options";

fn ended_within(talk: &Talk, from: u64, to: u64) {
    let ended = talk.ended_after.as_secs();
    assert!((from..=to).contains(&ended), "{talk:?}");
}

#[actix_web::test]
async fn a_head_that_comes_byte_by_byte_is_cut_off() {
    let server = Server::start().await;
    let slow = "POST /api/authentication/options HTTP/1.1\r\nHost: localhost\r\nX: xxxxxxxxxx";
    let talk = talk(&server.rp, String::new(), slow, PACE).await;
    assert_eq!(talk.status(), 408);
    ended_within(&talk, 4, 9);
}

#[actix_web::test]
async fn a_connection_that_says_nothing_is_ended() {
    let server = Server::start().await;
    for origin in [&server.rp, &server.agent] {
        let talk = talk(origin, String::new(), "", PACE).await;
        ended_within(&talk, 4, 9);
    }
}

#[actix_web::test]
async fn a_body_that_comes_byte_by_byte_is_cut_off() {
    let server = Server::start().await;
    let slow = "                                                            ";
    let talk = talk(&server.rp, head(OPTIONS, 60), slow, PACE).await;
    assert_eq!(talk.status(), 408, "{talk:?}");
    assert!(talk.reply.contains("\"request-timeout\""), "{talk:?}");
    assert_eq!(talk.header("connection"), Some("close"));
    ended_within(&talk, 9, 14);
}

#[actix_web::test]
async fn a_body_that_nobody_asked_for_is_not_waited_for() {
    let server = Server::start().await;
    // Refused by its head, a path without a body, a page, a path that does not exist.
    for (path, status) in [
        (OPTIONS, 403),
        ("/api/session", 405),
        ("/", 405),
        ("/api/none", 404),
    ] {
        let mut head = head(path, 60);
        if status == 403 {
            head = head.replace("Origin: http", "Origin: https");
        }
        let talk = talk(&server.rp, head, "          ", PACE).await;
        assert_eq!(talk.status(), status, "{path}: {talk:?}");
        assert!(
            talk.ended_after < Duration::from_secs(6),
            "{path}: {talk:?}"
        );
    }
}

#[actix_web::test]
async fn an_idle_connection_is_ended() {
    let server = Server::start().await;
    let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned();
    let talk = talk(&server.rp, request, "", PACE).await;
    assert_eq!(talk.status(), 200);
    ended_within(&talk, 14, 20);
}

#[actix_web::test]
async fn a_head_without_end_is_refused() {
    let server = Server::start().await;
    let endless = format!(
        "GET /api/config HTTP/1.1\r\nHost: localhost\r\nX: {}",
        "x".repeat(200_000)
    );
    let many = format!(
        "GET /api/config HTTP/1.1\r\nHost: localhost\r\n{}\r\n",
        "X: x\r\n".repeat(200)
    );
    for (head, allowed) in [(endless, [431, 400]), (many, [400, 431])] {
        let talk = talk(&server.rp, head, "", PACE).await;
        assert!(allowed.contains(&talk.status()), "{:.80}", talk.reply);
        assert!(talk.ended_after < Duration::from_secs(5));
    }
}

#[actix_web::test]
async fn what_is_no_http_gets_a_bare_answer_and_no_connection() {
    let server = Server::start().await;
    for junk in [
        "HELO example.org\r\n\r\n",
        "GET  HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}\r\n\r\n",
    ] {
        let talk = talk(&server.rp, junk.to_owned(), "", PACE).await;
        assert_eq!(talk.status(), 400, "{junk:?}: {talk:?}");
        let body = talk.reply.split_once("\r\n\r\n").unwrap().1;
        assert_eq!(body, "", "no internals");
        assert!(talk.ended_after < Duration::from_secs(5), "{junk:?}");
    }
    // And it lives.
    assert_eq!(server.browser().get("/healthz").await.status, 200);
}
