//! Ceremonies under way, what the sweep forgets, the server's own secrets.

use rp_server::authentication_server::{CredentialId, StoredCeremony, UserId};
use rp_server::store::AuditEvent;

use super::Two;
use crate::support::parties::{NOW, new_user, session};
use crate::support::seed;

fn ceremony(user: Option<UserId>, expires_ms: i64) -> StoredCeremony {
    StoredCeremony {
        token_hash: seed::bytes(),
        user,
        state: r#"{"é":"\u0000'"}"#.to_owned(),
        expires_ms,
    }
}

pub(super) async fn a_ceremony_is_taken_once(two: Two) {
    let user = new_user();
    for user in [None, Some(user)] {
        let put = ceremony(user, NOW + 1);
        let (hash, state) = (put.token_hash, put.state.clone());
        two.a.store.put_ceremony(put, NOW).await.unwrap();
        let taken = two.b.store.take_ceremony(&hash).await.unwrap().unwrap();
        assert_eq!((taken.user, taken.expires_ms), (user, NOW + 1));
        assert_eq!((taken.state, taken.token_hash), (state, hash));
        assert!(two.a.store.take_ceremony(&hash).await.unwrap().is_none());
    }
}

pub(super) async fn of_takers_at_once_one_gets_the_ceremony(two: Two) {
    for _ in 0..20 {
        let put = ceremony(None, NOW + 1);
        let hash = put.token_hash;
        two.a.store.put_ceremony(put, NOW).await.unwrap();
        let (one, other) = tokio::join!(
            two.a.store.take_ceremony(&hash),
            two.b.store.take_ceremony(&hash),
        );
        assert!(one.unwrap().is_some() != other.unwrap().is_some());
    }
}

pub(super) async fn what_has_ended_is_forgotten_and_nothing_else(two: Two) {
    let count = "SELECT count(*) FROM ceremonies";
    for expires in [NOW - 1, NOW, NOW + 1] {
        let put = ceremony(None, expires);
        two.a.store.put_ceremony(put, NOW - 10).await.unwrap();
    }
    // A new one takes the ended ones along.
    let put = ceremony(None, NOW + 2);
    two.a.store.put_ceremony(put, NOW).await.unwrap();
    assert_eq!(two.database.number(count).await, 2);
    let (mut key, user, _) = two.a.registered("ada").await;
    for (at, touched) in [(NOW + 50, NOW + 50), (NOW + 100, NOW + 100)] {
        let verified = two.a.authentication(&mut key).await;
        let opened = session();
        let written = two.a.store.authenticate(verified, opened, at);
        written.await.unwrap();
        let touch = two.a.store.touch_session(&opened.token_hash, touched);
        touch.await.unwrap();
    }
    let audit = AuditEvent::AuthenticationRefused;
    two.a.store.audit(audit, NOW - 1).await.unwrap();
    let id = CredentialId::new(&[9; 32]).unwrap();
    let barred = two.a.store.bar_registration(&id, NOW + 1, NOW);
    assert!(barred.await.unwrap());
    // The next bar takes the ended one along.
    let other = CredentialId::new(&[8; 32]).unwrap();
    let barred = two.b.store.bar_registration(&other, NOW + 5, NOW + 1);
    assert!(barred.await.unwrap());
    let bars = "SELECT count(*) FROM stated_unregistered";
    assert_eq!(two.database.number(bars).await, 1);
    let barred = two.b.store.bar_registration(&id, NOW + 1, NOW);
    assert!(barred.await.unwrap());
    // Ceremonies and bars up to now + 1, sessions unused since now or opened before now + 50, audit before now.
    let sweep = two.b.store.sweep(NOW + 1, NOW, NOW + 50, NOW - 1);
    sweep.await.unwrap();
    let rows = "SELECT (SELECT count(*) FROM ceremonies) * 1000 + (SELECT count(*) FROM sessions) * 100 \
                + (SELECT count(*) FROM stated_unregistered) * 10 + (SELECT count(*) FROM audit)";
    assert_eq!(two.database.number(rows).await, 1113);
    assert_eq!(two.a.store.credentials_of(user).await.unwrap().len(), 1);
}

pub(super) async fn a_secret_stays_the_first(two: Two) {
    let mut running = Vec::new();
    for number in 0..8_u8 {
        let store = if number % 2 == 0 { &two.a } else { &two.b };
        let store = store.store.clone();
        running.push(actix_web::rt::spawn(async move {
            store.secret("test-key", &[number; 4]).await.unwrap()
        }));
    }
    let mut seen = Vec::new();
    for secret in running {
        seen.push(secret.await.unwrap());
    }
    assert!(seen.iter().all(|secret| *secret == seen[0]), "{seen:?}");
    let later = two.a.store.secret("test-key", b"other").await.unwrap();
    assert_eq!(later, seen[0]);
    let other = two.a.store.secret("other-key", b"other").await.unwrap();
    assert_eq!(other, b"other");
}
