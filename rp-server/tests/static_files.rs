//! Static files: types, caching, compressed siblings, and nothing outside the folder.

use actix_web::http::Method;

use crate::support::browser::Browser;
use crate::support::server::Server;

const FOR_EVER: &str = "public, max-age=31536000, immutable";

fn write(server: &Server, path: &str, content: &str) {
    std::fs::write(server.folder.path().join(path), content).unwrap();
}

#[actix_web::test]
async fn what_is_named_by_content_is_kept_for_ever_and_the_rest_is_asked_for() {
    let server = Server::start().await;
    write(&server, "rp/assets/app-1a2b.js", "js");
    write(&server, "agent/assets/core-1a2b.wasm", "wasm");
    write(&server, "models/face.onnx", "onnx");
    let (rp, agent) = (Browser::new(&server.rp), Browser::new(&server.agent));
    for (browser, path, kind, cache) in [
        (&rp, "/", "text/html; charset=utf-8", "no-cache"),
        (&rp, "/assets/app-1a2b.js", "text/javascript", FOR_EVER),
        (
            &agent,
            "/assets/core-1a2b.wasm",
            "application/wasm",
            FOR_EVER,
        ),
        (
            &agent,
            "/models/face.onnx",
            "application/octet-stream",
            FOR_EVER,
        ),
        (
            &agent,
            "/models/missing.onnx",
            "application/problem+json",
            "no-store",
        ),
    ] {
        let reply = browser.get(path).await;
        assert_eq!(reply.header("content-type"), kind, "{path}");
        assert_eq!(reply.header("cache-control"), cache, "{path}");
        assert_eq!(reply.header("content-disposition"), "", "{path}");
    }
}

#[actix_web::test]
async fn an_unchanged_page_is_not_sent_again() {
    let server = Server::start().await;
    let first = server.browser().get("/").await;
    let headers = [("If-None-Match", first.header("etag"))];
    let again = server.browser().send(Method::GET, "/", &headers, "").await;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    write(&server, "rp/index.html", "<h1>new</h1>");
    let new = server.browser().send(Method::GET, "/", &headers, "").await;
    assert_eq!((new.status, new.text.as_str()), (200, "<h1>new</h1>"));
}

#[actix_web::test]
async fn compressed_siblings_go_to_those_who_take_them() {
    let server = Server::start().await;
    write(&server, "rp/assets/app-1a2b.js", "plain");
    write(&server, "rp/assets/app-1a2b.js.br", "brotli");
    write(&server, "rp/assets/app-1a2b.js.gz", "gzip");
    for (accept, encoding, content) in [
        ("br, gzip", "br", "brotli"),
        ("gzip", "gzip", "gzip"),
        ("identity", "", "plain"),
        ("zstd", "", "plain"),
    ] {
        let headers = [("Accept-Encoding", accept)];
        let reply = server
            .browser()
            .send(Method::GET, "/assets/app-1a2b.js", &headers, "")
            .await;
        assert_eq!(reply.text, content, "{accept}");
        assert_eq!(reply.header("content-encoding"), encoding, "{accept}");
        assert_eq!(reply.header("vary"), "accept-encoding", "{accept}");
        assert_eq!(reply.header("content-type"), "text/javascript");
    }
}

#[actix_web::test]
async fn nothing_outside_the_folder_is_served() {
    let server = Server::start().await;
    write(&server, "secret.txt", "secret");
    write(&server, "rp/.hidden", "secret");
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/assets/../../secret.txt",
        "/.hidden",
        "//secret.txt",
        "/../mien.db",
    ] {
        let reply = server.browser().get(path).await;
        assert!((400..500).contains(&reply.status), "{path}: {reply:?}");
        assert!(!reply.text.contains("secret"), "{path}");
    }
}

#[actix_web::test]
async fn static_files_are_read_only() {
    let server = Server::start().await;
    let browser = server.browser();
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let reply = browser.send(method, "/index.html", &[], "x").await;
        assert_eq!(reply.status, 405);
    }
}
