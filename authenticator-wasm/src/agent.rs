//! One agent per worker: drives a ceremony of the sans-I/O core with the browser's camera frames and vault.

mod look;
mod records;
mod round;

pub(crate) use records::{erase, status, withdraw_consent};

use authentication_agent::{Environment, authentication, registration, registration::AwaitSamples};
use biometric_system::{BiometricSystem, Light, ModelFiles};

use crate::{
    environment::Browser,
    event::{Event, Purpose},
    vault::{Vault, VaultError},
};
use look::Look;

/// Why a ceremony ended without a credential: a stable code for the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Failure(pub(crate) &'static str);

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        Self(error.code())
    }
}

impl From<authentication_agent::Error> for Failure {
    fn from(error: authentication_agent::Error) -> Self {
        Self(error.code())
    }
}

/// The page spoke out of turn; it never does unless it was altered.
const OUT_OF_TURN: Failure = Failure("unknown");

/// What the agent waits for.
enum State {
    Idle,
    RegistrationConsent(registration::AwaitConsent),
    Choice(authentication::AwaitVerification),
    /// The consent on record is for an older notice: the person must see the new one first.
    AuthenticationConsent(authentication::AwaitVerification),
    Look(Box<Look>),
}

pub(crate) struct Agent {
    environment: Browser,
    system: Option<BiometricSystem>,
    state: State,
    /// Whether the person lets the screen show colours.
    light: Light,
}

impl Agent {
    pub(crate) fn new() -> Option<Self> {
        Some(Self {
            environment: Browser::new()?,
            system: None,
            state: State::Idle,
            light: Light::Declined,
        })
    }

    /// Loads the models; their digests are checked before a byte of them is parsed.
    pub(crate) fn load(&mut self, files: ModelFiles<'_>) -> Result<(), Failure> {
        let system = BiometricSystem::load(files).map_err(|_| Failure("model-damaged"))?;
        self.system = Some(system);
        Ok(())
    }

    /// Runs the models once on a blank picture, so that the browser has compiled them well before a face comes.
    pub(crate) fn warm_up(&self) {
        if let Some(system) = &self.system {
            let _ = system.warm_up(); // what it finds out, the first frame would too
        }
    }

    /// Registration, A.3.2 steps d and e: checks the request, then asks for consent.
    pub(crate) fn begin_registration(
        &mut self,
        origin: &str,
        options: &str,
        light: Light,
    ) -> Result<Event, Failure> {
        self.state = State::Idle;
        self.light = light;
        let awaiting = registration::begin(origin, options)?;
        let event = ask_consent(awaiting.rp_id(), awaiting.user_name());
        self.state = State::RegistrationConsent(awaiting);
        Ok(event)
    }

    /// Authentication, A.3.3 steps d and e: checks the request and finds the credential.
    pub(crate) async fn begin_authentication(
        &mut self,
        origin: &str,
        options: &str,
        light: Light,
    ) -> Result<Event, Failure> {
        self.state = State::Idle;
        self.light = light;
        let awaiting = authentication::begin(origin, options)?;
        let vault = Vault::open().await?;
        let found = records::of(&vault, awaiting.rp_id()).await?;
        let awaiting = awaiting.with_credentials(found.readable).map_err(|error| {
            // The credential may be the damaged one: say so, rather than "no credential here".
            if found.damaged > 0 {
                VaultError::Damaged.into()
            } else {
                Failure::from(error)
            }
        })?;
        if awaiting.others().is_empty() {
            return self.selected(&vault, awaiting).await;
        }
        let accounts = core::iter::once(awaiting.record())
            .chain(awaiting.others())
            .map(records::account)
            .collect();
        self.state = State::Choice(awaiting);
        Ok(Event::AskAccount { accounts })
    }

    /// The person said which account; `credential_id` is base64url.
    pub(crate) async fn choose(&mut self, credential_id: &str) -> Result<Event, Failure> {
        let State::Choice(awaiting) = core::mem::replace(&mut self.state, State::Idle) else {
            return Err(OUT_OF_TURN);
        };
        let awaiting = awaiting.choose(&records::credential_id(credential_id)?)?;
        let vault = Vault::open().await?;
        self.selected(&vault, awaiting).await
    }

    async fn selected(
        &mut self,
        vault: &Vault,
        awaiting: authentication::AwaitVerification,
    ) -> Result<Event, Failure> {
        if awaiting.record().consent().is_current() {
            let look = Look::authentication(awaiting, self.light);
            return self.begin_look(vault, look).await;
        }
        let event = ask_consent(awaiting.record().rp_id(), awaiting.record().user_name());
        self.state = State::AuthenticationConsent(awaiting);
        Ok(event)
    }

    /// The person agreed to notice `version`.
    pub(crate) async fn consent(&mut self, version: u32) -> Result<Event, Failure> {
        let consent = authentication_agent::Consent {
            version,
            at_ms: self.environment.now_ms(),
        };
        match core::mem::replace(&mut self.state, State::Idle) {
            State::RegistrationConsent(awaiting) => {
                let awaiting = awaiting.consented(consent)?;
                let vault = Vault::open().await?;
                let found = records::of(&vault, awaiting.rp_id()).await?;
                let look = match awaiting.with_credentials(found.readable)? {
                    AwaitSamples::Enrol(awaiting) => Look::enrolment(awaiting),
                    AwaitSamples::Verify(awaiting) => Look::replacement(awaiting, self.light),
                };
                self.begin_look(&vault, look).await
            }
            State::AuthenticationConsent(awaiting) => {
                let vault = Vault::open().await?;
                let awaiting = awaiting.consented(consent)?;
                let look = Look::authentication(awaiting, self.light);
                self.begin_look(&vault, look).await
            }
            State::Idle | State::Choice(_) | State::Look(_) => Err(OUT_OF_TURN),
        }
    }

    /// Another look after a refused one; `light` changes what was said about colours.
    pub(crate) async fn retry(&mut self, light: Option<Light>) -> Result<Event, Failure> {
        self.light = light.unwrap_or(self.light);
        match core::mem::replace(&mut self.state, State::Idle) {
            State::Look(look) => {
                let vault = Vault::open().await?;
                self.begin_look(&vault, look.again(self.light)).await
            }
            _ => Err(OUT_OF_TURN),
        }
    }

    /// Opens the camera, unless the credential's attempts are used up for now.
    async fn begin_look(&mut self, vault: &Vault, look: Look) -> Result<Event, Failure> {
        let event = match look.must_wait(vault, self.environment.now_ms()).await? {
            Some(refused) => refused,
            None => Event::CameraWanted {
                purpose: look.purpose(),
                needed: look.needed(),
            },
        };
        self.state = State::Look(Box::new(look));
        Ok(event)
    }

    /// One camera frame: `rgba` holds `4 · width · height` octets and is wiped before this returns.
    pub(crate) async fn frame(
        &mut self,
        width: u32,
        height: u32,
        rgba: Vec<u8>,
        at_ms: f64,
    ) -> Result<Event, Failure> {
        let Ok(frame) = biometric_system::Frame::new(width, height, rgba, at_ms) else {
            self.state = State::Idle;
            return Err(Failure("camera-unusable"));
        };
        let system = self.system.as_ref().ok_or(OUT_OF_TURN)?;
        let State::Look(look) = &mut self.state else {
            return Ok(Event::Nothing);
        };
        let step = look.offer(system, frame);
        if !step.complete {
            return Ok(Event::from(&step));
        }
        let State::Look(look) = core::mem::replace(&mut self.state, State::Idle) else {
            return Err(OUT_OF_TURN);
        };
        let (event, rest) = look.complete(&mut self.environment).await?;
        if let Some(look) = rest {
            self.state = State::Look(Box::new(look));
        }
        Ok(event)
    }

    /// Ends whatever runs; everything captured is wiped.
    pub(crate) fn cancel(&mut self) {
        self.state = State::Idle;
    }
}

fn ask_consent(rp_id: &str, user_name: &str) -> Event {
    Event::AskConsent {
        version: authentication_agent::consent::NOTICE_VERSION,
        rp_id: rp_id.to_owned(),
        user_name: user_name.to_owned(),
    }
}

impl Look {
    fn purpose(&self) -> Purpose {
        match self {
            Self::Enrolment { .. } => Purpose::Enrol,
            Self::Verification { .. } => Purpose::Verify,
        }
    }
}
