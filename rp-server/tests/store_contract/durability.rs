//! All or nothing, and for good.

use rp_server::store::{AuditEvent, StoreError, Which};

use super::Two;
use crate::support::authenticator::Tweak;
use crate::support::parties::{NOW, session};

pub(super) async fn what_was_written_is_there_when_opened_again(two: Two) {
    let (_, user, hash) = two.a.registered("ada").await;
    let before = two.a.store.credentials_of(user).await.unwrap();
    two.a.store.close().await;
    two.b.store.close().await;
    let store = two.database.open().await;
    assert_eq!(store.credentials_of(user).await.unwrap(), before);
    assert!(store.session(&hash).await.unwrap().is_some());
    store.ready().await.unwrap();
    // A closed store says so, and does not hang.
    let closed = two.a.store.ready().await;
    assert!(matches!(closed, Err(StoreError::Unavailable(_))));
}

const EVENT: AuditEvent = AuditEvent::Deregistered;

/// A late statement of each transaction finds no table.
pub(super) async fn a_write_that_cannot_be_finished_leaves_nothing(two: Two) {
    let rows = "SELECT (SELECT count(*) FROM accounts) + (SELECT count(*) FROM credentials) \
                + (SELECT count(*) FROM sessions)";
    let (mut key, user, _) = two.a.registered("ada").await;
    let (_, second) = two.a.registration("bob", None, &Tweak::default()).await;
    let verified = two.a.authentication(&mut key).await;
    two.database.run("ALTER TABLE audit RENAME TO hidden").await;
    let registered = two.a.store.register(second, "bob", Some(session()), NOW);
    assert!(matches!(registered.await, Err(StoreError::Database(_))));
    let signed_in = two.b.store.authenticate(verified, session(), NOW);
    assert!(matches!(signed_in.await, Err(StoreError::Database(_))));
    let all = Which::All;
    let removed = two.a.store.deregister(user, all, None, EVENT, NOW);
    assert!(matches!(removed.await, Err(StoreError::Database(_))));
    assert_eq!(two.database.number(rows).await, 3);
    let record = &two.a.store.credentials_of(user).await.unwrap()[0];
    assert_eq!((record.state.sign_count, record.used_ms), (0, None));
    two.database.run("ALTER TABLE hidden RENAME TO audit").await;
    let verified = two.a.authentication(&mut key).await;
    let signed_in = two.a.store.authenticate(verified, session(), NOW);
    signed_in.await.unwrap();
}
