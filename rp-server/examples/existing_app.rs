//! Registration, login and deregistration for an actix application that exists already. Its own are `/` and
//! `/notes`. What it takes: the lines marked `+`, and the argument of `notes`.
use actix_web::{App, HttpServer, web};
use rp_server::{AuthenticatedUser, Config, Controller, Service, configure}; // +

async fn home() -> &'static str {
    "Everyone may read this.\n"
}

/// Who is not signed in gets 401 and a problem document; the handler does not run.
async fn notes(user: AuthenticatedUser) -> String {
    format!("Notes of {}\n", user.name())
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1);
    let (name, contact) = ("Example Ltd".into(), "privacy@example.org".into()); // +
    let controller = Controller { name, contact }; // +
    let (pages, agent) = ("http://localhost:8080", "http://localhost:8081"); // +
    let config = Config::new(pages, agent, controller)?; // +
    let passkeys = Service::open(config, "sqlite:example.db").await?; // +
    let server = HttpServer::new(move || {
        App::new()
            .configure(configure(passkeys.clone())) // +
            .route("/", web::get().to(home))
            .route("/notes", web::get().to(notes))
    });
    let server = server.bind(address.as_deref().unwrap_or("127.0.0.1:8080"))?;
    for address in server.addrs() {
        eprintln!("listening http://{address}");
    }
    Ok(server.run().await?)
}
