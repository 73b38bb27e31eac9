//! A connection whose client must take what is sent to it: one that reads too slowly, or not at all, is reset.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::rt::net::TcpStream;
use actix_web::rt::time::{Sleep, sleep};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How long a client may take to make room for what is in hand: one part of an answer, some 64 kB.
const SLOWEST_READER: Duration = Duration::from_secs(20);

/// A stream on top of a TCP connection.
pub(super) trait OnTcp {
    fn tcp(&self) -> &TcpStream;
}

impl OnTcp for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl OnTcp for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// A connection with a bound on how long a write may wait for its client. actix has none, and would wait for ever.
pub(super) struct Paced<S: OnTcp> {
    stream: S,
    /// From when the client first made us wait until all that was in hand then is sent.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl<S: OnTcp> Paced<S> {
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            waiting: None,
        }
    }

    /// Passes on what a write came to, unless it has waited for too long.
    fn in_time<T>(
        &mut self,
        cx: &mut Context<'_>,
        came_to: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if came_to.is_pending() {
            let waiting = &mut self.waiting;
            let end = waiting.get_or_insert_with(|| Box::pin(sleep(SLOWEST_READER)));
            if end.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        }
        came_to
    }
}

impl<S: OnTcp> Drop for Paced<S> {
    fn drop(&mut self) {
        if self.waiting.is_some() {
            // Else the kernel would keep what nobody reads for minutes. Where this fails, it does.
            let _ = self.stream.tcp().set_zero_linger();
        }
    }
}

impl<S: OnTcp + AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: OnTcp + AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let came_to = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.in_time(cx, came_to)
    }

    /// actix calls it when all that it has in hand is written.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let came_to = Pin::new(&mut self.stream).poll_flush(cx);
        if came_to.is_ready() {
            self.waiting = None;
        }
        self.in_time(cx, came_to)
    }

    /// Bounded by actix already.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
