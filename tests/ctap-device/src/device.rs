//! What the authenticator is lent: store, camera, person, clock and randomness.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use authentication_agent::ctap::{Change, Edge, End, Question, Scope};
use authentication_agent::{Consent, CredentialRecord, Environment, consent::NOTICE_VERSION};
use biometric_system::{CeremonyId, Reference, UserVerified, Verification};
use ctap_device::camera::Camera;

use crate::options::{Options, Says};
use crate::pipe::Pipe;
use crate::store::Store;

/// How long a person who says nothing is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// One device.
pub(crate) struct Device {
    store: Store,
    camera: Camera,
    says: Says,
    pipe: Pipe,
}

impl Device {
    pub(crate) fn open(options: Options, pipe: Pipe) -> Result<Self, String> {
        // Drawn once here, so that it can be relied on later.
        let mut probe = [0; 32];
        getrandom::fill(&mut probe).map_err(|error| format!("no random source: {error}"))?;
        Ok(Self {
            store: Store::open(&options.store)?,
            camera: Camera::new(options.person, options.seed),
            says: options.says,
            pipe,
        })
    }

    pub(crate) const fn pipe(&self) -> &Pipe {
        &self.pipe
    }
}

fn failed(reason: impl std::fmt::Display) -> End {
    eprintln!("ctap-device: {reason}");
    End::Failed
}

/// Ends the command if the platform took it back.
fn go_on(pipe: &Pipe) -> Result<(), End> {
    if pipe.is_cancelled() {
        return Err(End::Cancelled);
    }
    pipe.wait().map_err(failed)
}

impl Environment for Device {
    #[expect(
        clippy::expect_used,
        reason = "a random source that worked a moment ago and now fails must stop the device"
    )]
    fn random(&mut self, out: &mut [u8]) {
        getrandom::fill(out).expect("the random source answered when the device started");
    }

    fn now_ms(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| {
            u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
        })
    }
}

impl Edge for Device {
    fn ask(&mut self, _: Question<'_>) -> Result<Consent, End> {
        let asked = Instant::now();
        loop {
            go_on(&self.pipe)?;
            match self.says {
                Says::Yes => {
                    return Ok(Consent {
                        version: NOTICE_VERSION,
                        at_ms: self.now_ms(),
                    });
                }
                Says::No => return Err(End::Denied),
                Says::Nothing if asked.elapsed() > PATIENCE => return Err(End::TimedOut),
                Says::Nothing => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    fn records(&mut self, scope: Scope<'_>) -> Result<Vec<CredentialRecord>, End> {
        self.store.records(scope).map_err(failed)
    }

    fn choose(&mut self, _: &[CredentialRecord]) -> Result<Option<Vec<u8>>, End> {
        // There is no screen.
        Ok(None)
    }

    fn enrol(&mut self, ceremony: CeremonyId) -> Result<(Reference, UserVerified), End> {
        self.camera.enrol(ceremony, || go_on(&self.pipe))
    }

    fn look(&mut self, ceremony: CeremonyId, attempt: u32) -> Result<Verification, End> {
        self.camera.look(ceremony, attempt, || go_on(&self.pipe))
    }

    fn attempts(&mut self, record: &CredentialRecord) -> Result<Option<Vec<u8>>, End> {
        Ok(self.store.attempts(record))
    }

    fn store(&mut self, changes: &[Change<'_>]) -> Result<(), End> {
        self.store.write(changes).map_err(failed)
    }
}
