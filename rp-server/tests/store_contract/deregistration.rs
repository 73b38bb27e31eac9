//! Deregistration, and what stands against it: ceremonies under way, sessions, statements.

use rp_server::authentication_server::CredentialId;
use rp_server::store::{AuditEvent, NewSession, StoreError, Which};

use super::Two;
use crate::support::authenticator::Tweak;
use crate::support::parties::{NOW, session};

const EVENT: AuditEvent = AuditEvent::Deregistered;

fn id(bytes: &[u8]) -> CredentialId {
    CredentialId::new(bytes).unwrap()
}

pub(super) async fn a_deregistered_credential_is_dead_also_for_what_was_under_way(two: Two) {
    let (mut key, user, hash) = two.a.registered("ada").await;
    let (_, second) = two
        .a
        .registration("ada", Some(user), &Tweak::default())
        .await;
    let verified = two.a.authentication(&mut key).await;
    let removed = two.b.store.deregister(user, Which::All, None, EVENT, NOW);
    let removed = removed.await.unwrap();
    assert_eq!(removed.credentials, [id(&key.id)]);
    assert!(removed.account);
    let late = two.a.store.authenticate(verified, session(), NOW).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    let late = two.a.store.register(second, "ada", None, NOW).await;
    assert!(matches!(late, Err(StoreError::Conflict)), "{late:?}");
    assert_eq!(two.a.store.session(&hash).await.unwrap(), None);
    let rows = "SELECT (SELECT count(*) FROM accounts) + (SELECT count(*) FROM credentials) \
                + (SELECT count(*) FROM sessions) + (SELECT count(*) FROM ceremonies WHERE user_id IS NOT NULL)";
    assert_eq!(two.database.number(rows).await, 0);
    // Again: nothing more to remove, and no error.
    let again = two.a.store.deregister(user, Which::All, None, EVENT, NOW);
    let again = again.await.unwrap();
    assert!(again.credentials.is_empty() && !again.account);
    let audit =
        "SELECT count(*) FROM audit WHERE event = 'deregistered' AND account_no IS NOT NULL";
    assert_eq!(two.database.number(audit).await, 1);
}

pub(super) async fn the_callers_session_outlives_its_credential_while_the_account_lives(two: Two) {
    let (mut first, user, kept) = two.a.registered("ada").await;
    let (_, _, stranger) = two.a.registered("bob").await;
    let (second, verified) = two
        .a
        .registration("ada", Some(user), &Tweak::default())
        .await;
    let written = two.a.store.register(verified, "ada", None, NOW);
    written.await.unwrap();
    let other: NewSession = session();
    let verified = two.a.authentication(&mut first).await;
    let written = two.a.store.authenticate(verified, other, NOW);
    written.await.unwrap();
    // Not of this user: nothing happens.
    let which = Which::One(id(&[3; 32]));
    let none = two.b.store.deregister(user, which, None, EVENT, NOW);
    assert!(none.await.unwrap().credentials.is_empty());
    let which = Which::One(id(&first.id));
    let removed = two.b.store.deregister(user, which, Some(kept), EVENT, NOW);
    let removed = removed.await.unwrap();
    assert_eq!((removed.credentials.len(), removed.account), (1, false));
    let session = two.a.store.session(&kept).await.unwrap().unwrap();
    assert_eq!(session.credential, None);
    let ended = two.a.store.session(&other.token_hash).await.unwrap();
    assert_eq!(ended, None);
    let which = Which::One(id(&second.id));
    let removed = two.b.store.deregister(user, which, Some(kept), EVENT, NOW);
    assert!(removed.await.unwrap().account);
    assert_eq!(two.a.store.session(&kept).await.unwrap(), None);
    assert!(two.a.store.session(&stranger).await.unwrap().is_some());
}

pub(super) async fn a_barred_credential_id_is_not_registered_until_its_time(two: Two) {
    let (key, verified) = two.a.registration("ada", None, &Tweak::default()).await;
    let id = id(&key.id);
    let barred = two.b.store.bar_registration(&id, NOW + 10, NOW).await;
    assert!(barred.unwrap());
    let written = two.a.store.register(verified, "ada", None, NOW + 9).await;
    assert!(matches!(written, Err(StoreError::Conflict)), "{written:?}");
    let kept = "SELECT count(*) FROM stated_unregistered";
    assert_eq!(two.database.number(kept).await, 1);
    assert_eq!(
        two.database.number("SELECT count(*) FROM accounts").await,
        0
    );
    let again = Tweak {
        new_id: Some(key.id.clone()),
        ..Tweak::default()
    };
    let (_, verified) = two.a.registration("ada", None, &again).await;
    let written = two.a.store.register(verified, "ada", None, NOW + 10);
    written.await.unwrap();
    let barred = two.b.store.bar_registration(&id, NOW + 30, NOW + 20).await;
    assert!(!barred.unwrap());
}

pub(super) async fn a_statement_and_a_registration_at_once_never_both_succeed(two: Two) {
    for round in 0..20 {
        let name = format!("ada-{round}");
        let (key, verified) = two.a.registration(&name, None, &Tweak::default()).await;
        let id = id(&key.id);
        let (written, barred) = tokio::join!(
            two.a.store.register(verified, &name, Some(session()), NOW),
            two.b.store.bar_registration(&id, NOW + 10, NOW),
        );
        assert_eq!(written.is_ok(), !barred.unwrap(), "{written:?}");
        let found = two.a.store.credential(&id).await.unwrap();
        assert_eq!(found.is_some(), written.is_ok());
    }
}

pub(super) async fn an_authentication_at_once_leaves_no_session_behind(two: Two) {
    let left = "SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM credentials) \
                + (SELECT count(*) FROM accounts)";
    for round in 0..20 {
        let (mut key, user, old) = two.a.registered(&format!("ada-{round}")).await;
        let verified = two.a.authentication(&mut key).await;
        let opened = NewSession {
            replaces: Some(old),
            ..session()
        };
        let which = Which::One(id(&key.id));
        let (signed_in, removed) = tokio::join!(
            two.a.store.authenticate(verified, opened, NOW),
            two.b.store.deregister(user, which, None, EVENT, NOW),
        );
        assert!(removed.unwrap().account);
        if let Err(error) = signed_in {
            assert!(matches!(error, StoreError::Conflict), "{error}");
        }
        assert_eq!(two.database.number(left).await, 0);
    }
}

pub(super) async fn a_second_credential_at_once_is_kept_with_its_account_or_refused(two: Two) {
    for round in 0..20 {
        let name = format!("ada-{round}");
        let (first, user, _) = two.a.registered(&name).await;
        let tweak = Tweak::default();
        let (second, verified) = two.a.registration(&name, Some(user), &tweak).await;
        let which = Which::One(id(&first.id));
        let (added, removed) = tokio::join!(
            two.a.store.register(verified, &name, None, NOW),
            two.b.store.deregister(user, which, None, EVENT, NOW),
        );
        let removed = removed.unwrap();
        let held = two.a.store.credentials_of(user).await.unwrap();
        let account = two.a.store.account(user).await.unwrap();
        match added {
            Ok(()) => {
                assert_eq!((held.len(), removed.account), (1, false), "{round}");
                assert_eq!(held[0].id, id(&second.id));
            }
            Err(error) => {
                assert!(matches!(error, StoreError::Conflict), "{error}");
                assert!(held.is_empty() && removed.account, "{round}");
            }
        }
        assert_eq!(account.is_some(), !held.is_empty());
    }
}
