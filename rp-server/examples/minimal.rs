//! A relying party in an actix application of your own.
use actix_web::{App, HttpServer};
use rp_server::{Config, Controller, Service, configure};

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (name, contact) = ("Example Ltd".into(), "privacy@example.org".into());
    let controller = Controller { name, contact };
    let config = Config::new("http://localhost:8080", "http://localhost:8081", controller)?;
    let service = Service::open(config, "sqlite:example.db").await?;
    let server = HttpServer::new(move || App::new().configure(configure(service.clone())));
    Ok(server.bind("127.0.0.1:8080")?.run().await?)
}
