//! Honest ceremonies: registrations and sign-ins by the real authentication agent, with real models that look at a
//! filmed man. Whoever has a verifier can point it at them.

pub mod agent;
pub mod metadata_statement;
pub mod plan;

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use agent::Agent;
use plan::Plan;
use rp_server::agent_provider::AgentProvider;

/// The relying party of all ceremonies.
pub const RP_ID: &str = "rp.example.org";

/// Its origin.
pub const ORIGIN: &str = "https://rp.example.org";

/// Milliseconds since 1970-01-01 UTC.
fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// Makes the ceremonies of every [`Plan`], as a JSON list of
/// `{name, rpId, origin, mode, ca_pem?, aaguid, reg: {challenge, response}, auth: {challenge, response}}`: `mode` is
/// `passkey`, or `attested` with the root in `ca_pem`; responses are those of WebAuthn Level 3 section 5.1.
///
/// # Errors
/// One sentence, when models or films are missing or the agent refused.
pub fn make(seed: u64) -> Result<Vec<Value>, String> {
    let mut agent = Agent::new(seed);
    let provider = provider()?;
    Plan::all()
        .iter()
        .map(|plan| ceremony(&mut agent, plan, &provider))
        .collect()
}

/// The agent's provider, with a root of its own.
fn provider() -> Result<AgentProvider, String> {
    let now = time::OffsetDateTime::now_utc();
    let made = AgentProvider::make_root("SE", "Example Ltd", now);
    let (root, key) = made.map_err(|error| error.to_string())?;
    AgentProvider::from_pem(&root, &key).map_err(|error| error.to_string())
}

fn ceremony(agent: &mut Agent, plan: &Plan, provider: &AgentProvider) -> Result<Value, String> {
    let failed = |reason| format!("{}: {reason}", plan.name);
    let provider = plan.certified.then_some(provider);
    let (challenge, options) = plan.creation_options(agent);
    let response = agent.create(&options, provider).map_err(failed)?;
    let registration = json!({ "challenge": challenge, "response": response });
    let (challenge, options) = plan.request_options(agent, &registration);
    let response = agent.get(&options).map_err(failed)?;
    let mut ceremony = json!({
        "name": plan.name,
        "rpId": RP_ID,
        "origin": ORIGIN,
        "mode": if provider.is_some() { "attested" } else { "passkey" },
        "aaguid": authentication_agent::AAGUID.to_string(),
        "reg": registration,
        "auth": { "challenge": challenge, "response": response },
    });
    if let (Some(provider), Some(members)) = (provider, ceremony.as_object_mut()) {
        members.insert("ca_pem".to_owned(), provider.root().into());
    }
    Ok(ceremony)
}
