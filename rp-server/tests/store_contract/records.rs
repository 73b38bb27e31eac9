//! Accounts, credential records, sessions.

use rp_server::attestation::AttestationType;
use rp_server::authentication_server::CredentialId;
use rp_server::store::{NewSession, StoreError};

use super::Two;
use crate::support::authenticator::{Attestation, Extensions, Tweak};
use crate::support::parties::{NOW, session};

const ROWS: &str = "SELECT (SELECT count(*) FROM accounts) + (SELECT count(*) FROM credentials) \
                    + (SELECT count(*) FROM sessions) + (SELECT count(*) FROM audit)";

pub(super) async fn a_registration_writes_account_credential_and_session_together(two: Two) {
    let (key, verified) = two.a.registration("ada", None, &Tweak::default()).await;
    let user = verified.registrant().user;
    let (public_key, state) = (verified.public_key().clone(), verified.state());
    let opened = session();
    two.a
        .store
        .register(verified, "ada", Some(opened), NOW)
        .await
        .unwrap();
    let account = two.b.store.account_by_name("ada").await.unwrap().unwrap();
    assert_eq!((account.user, account.created_ms), (user, NOW));
    assert_eq!(
        (account.name.as_str(), account.display_name.as_str()),
        ("ada", "ADA")
    );
    assert_eq!(two.b.store.account(user).await.unwrap(), Some(account));
    let records = two.b.store.credentials_of(user).await.unwrap();
    let record = &records[0];
    assert_eq!(records.len(), 1);
    assert_eq!(record.id.as_bytes(), key.id);
    assert_eq!(
        (record.user, &record.public_key, record.state),
        (user, &public_key, state)
    );
    assert_eq!(record.public_key.cose, key.public_key());
    assert_eq!(record.transports, ["internal"]);
    assert_eq!(record.device, "Firefox on Linux");
    assert_eq!((record.created_ms, record.used_ms), (NOW, None));
    let layers = record.presentation_attack_detection.as_ref().unwrap();
    assert_eq!(layers.to_text(), "texture,head-turn");
    assert!(record.state.user_verified);
    assert_eq!(record.user_verification_methods, None);
    assert_eq!(record.attestation, Some(AttestationType::None));
    let found = two.b.store.session(&opened.token_hash).await.unwrap();
    let found = found.unwrap();
    assert_eq!(
        (found.user, found.credential.as_ref()),
        (user, Some(&record.id))
    );
    assert_eq!(
        (found.created_ms, found.verified_ms, found.seen_ms),
        (NOW, Some(NOW), NOW)
    );
    assert_eq!(two.database.number(ROWS).await, 4);
}

pub(super) async fn a_taken_name_or_credential_id_changes_nothing(two: Two) {
    let (key, ..) = two.a.registered("ada").await;
    let (_, verified) = two.b.registration("ada", None, &Tweak::default()).await;
    let written = two.b.store.register(verified, "ada", Some(session()), NOW);
    assert!(matches!(written.await, Err(StoreError::NameTaken)));
    // Verified while the credential ID was free, written when it is not.
    let same_id = Tweak {
        new_id: Some(vec![7; 32]),
        ..Tweak::default()
    };
    let (_, first) = two.a.registration("bob", None, &same_id).await;
    let (_, second) = two.b.registration("cleo", None, &same_id).await;
    let written = two.a.store.register(first, "bob", Some(session()), NOW);
    written.await.unwrap();
    let written = two.b.store.register(second, "cleo", Some(session()), NOW);
    assert!(matches!(written.await, Err(StoreError::Conflict)));
    assert_eq!(two.database.number(ROWS).await, 8);
    assert_ne!(key.id, [7; 32]);
}

pub(super) async fn of_registrations_of_one_name_at_once_one_is_written(two: Two) {
    let mut running = Vec::new();
    for number in 0..8 {
        let party = if number % 2 == 0 { &two.a } else { &two.b };
        let (_, verified) = party.registration("ada", None, &Tweak::default()).await;
        let store = party.store.clone();
        running.push(actix_web::rt::spawn(async move {
            store.register(verified, "ada", Some(session()), NOW).await
        }));
    }
    let mut written = 0;
    for result in running {
        match result.await.unwrap() {
            Ok(()) => written += 1,
            Err(error) => assert!(matches!(error, StoreError::NameTaken), "{error}"),
        }
    }
    assert_eq!(written, 1);
    assert_eq!(two.database.number(ROWS).await, 4);
}

pub(super) async fn an_authentication_advances_the_record_and_replaces_the_session(two: Two) {
    let (mut key, user, old) = two.a.registered("ada").await;
    let verified = two.a.authentication(&mut key).await;
    let opened = NewSession {
        replaces: Some(old),
        ..session()
    };
    let written = two.b.store.authenticate(verified, opened, NOW + 1);
    written.await.unwrap();
    let record = &two.a.store.credentials_of(user).await.unwrap()[0];
    assert_eq!(
        (record.state.sign_count, record.used_ms),
        (1, Some(NOW + 1))
    );
    assert_eq!(two.a.store.session(&old).await.unwrap(), None);
    let found = two.a.store.session(&opened.token_hash).await.unwrap();
    assert_eq!(found.unwrap().created_ms, NOW + 1);
    // The largest counter that there is.
    key.counter = u32::MAX - 1;
    let verified = two.a.authentication(&mut key).await;
    let written = two.b.store.authenticate(verified, session(), NOW + 2);
    written.await.unwrap();
    let record = &two.a.store.credentials_of(user).await.unwrap()[0];
    assert_eq!(record.state.sign_count, u32::MAX);
}

pub(super) async fn what_user_verification_there_was_is_kept(two: Two) {
    let told = |output: &[u8]| Tweak {
        aaguid: Some([7; 16]),
        extensions: Extensions::Raw([b"\xa1\x63uvm", output].concat()),
        attestation: Attestation::PackedSelf,
        ..Tweak::default()
    };
    let one = told(b"\x81\x83\x02\x0a\x04");
    let (mut key, verified) = two.a.registration("ada", None, &one).await;
    let user = verified.registrant().user;
    let written = two.a.store.register(verified, "ada", Some(session()), NOW);
    written.await.unwrap();
    let record = async || two.b.store.credentials_of(user).await.unwrap()[0].clone();
    let methods = async || {
        record()
            .await
            .user_verification_methods
            .map(|m| m.to_text())
    };
    assert_eq!(methods().await.unwrap(), "2.10.4");
    assert_eq!(
        record().await.attestation,
        Some(AttestationType::SelfSigned)
    );
    let present = Tweak {
        flags: Some(0x01),
        ..told(b"\x82\x83\x01\x00\x00\x83\x1a\xff\xff\xff\xff\x19\xff\xff\x19\xff\xff")
    };
    let verified = two.a.authentication_with(&mut key, &present).await;
    let opened = session();
    let written = two.a.store.authenticate(verified, opened, NOW + 1);
    written.await.unwrap();
    assert_eq!(methods().await.unwrap(), "1.0.0,4294967295.65535.65535");
    let state = record().await.state;
    assert!(!state.user_verified && state.uv_initialized);
    let found = two.b.store.session(&opened.token_hash).await.unwrap();
    assert_eq!(found.unwrap().verified_ms, None);
    // It says no more than its last ceremony does.
    let verified = two.a.authentication(&mut key).await;
    let opened = session();
    let written = two.a.store.authenticate(verified, opened, NOW + 2);
    written.await.unwrap();
    assert_eq!(methods().await, None);
    assert!(record().await.state.user_verified);
    let found = two.b.store.session(&opened.token_hash).await.unwrap();
    assert_eq!(found.unwrap().verified_ms, Some(NOW + 2));
}

pub(super) async fn of_two_advances_of_one_counter_one_counts(two: Two) {
    let (mut key, user, _) = two.a.registered("ada").await;
    for round in 1..=20 {
        let one = two.a.authentication(&mut key).await;
        key.counter -= 1;
        let other = two.b.authentication(&mut key).await;
        let (one, other) = tokio::join!(
            two.a.store.authenticate(one, session(), NOW),
            two.b.store.authenticate(other, session(), NOW),
        );
        let refused = match (one, other) {
            (Ok(()), Err(refused)) | (Err(refused), Ok(())) => refused,
            both => panic!("round {round}: {both:?}"),
        };
        assert!(matches!(refused, StoreError::Conflict), "{refused}");
        let record = &two.a.store.credentials_of(user).await.unwrap()[0];
        assert_eq!(record.state.sign_count, round);
    }
    let sessions = two.database.number("SELECT count(*) FROM sessions").await;
    assert_eq!(sessions, 21);
}

pub(super) async fn sessions_are_touched_and_ended(two: Two) {
    let (_, _, hash) = two.a.registered("ada").await;
    two.a.store.touch_session(&hash, NOW + 5).await.unwrap();
    let found = two.b.store.session(&hash).await.unwrap().unwrap();
    assert_eq!((found.created_ms, found.seen_ms), (NOW, NOW + 5));
    two.b.store.end_session(&hash).await.unwrap();
    two.b.store.end_session(&hash).await.unwrap();
    assert_eq!(two.a.store.session(&hash).await.unwrap(), None);
    two.a.store.touch_session(&hash, NOW + 6).await.unwrap();
    assert_eq!(two.a.store.session(&hash).await.unwrap(), None);
}

pub(super) async fn sessions_are_listed_and_all_but_one_end(two: Two) {
    let (mut key, user, first) = two.a.registered("ada").await;
    let (_, _, of_bob) = two.a.registered("bob").await;
    let mut hashes = vec![first];
    for later in 1..=2 {
        let opened = session();
        let verified = two.a.authentication(&mut key).await;
        let written = two.a.store.authenticate(verified, opened, NOW + later);
        written.await.unwrap();
        hashes.insert(0, opened.token_hash);
    }
    let listed = two.b.store.sessions_of(user).await.unwrap();
    let listed: Vec<_> = listed.iter().map(|each| each.token_hash).collect();
    assert_eq!(listed, hashes, "the last used first");
    let ended = two.b.store.end_other_sessions(user, &first).await;
    assert_eq!(ended.unwrap(), 2);
    let left = two.a.store.sessions_of(user).await.unwrap();
    assert_eq!((left.len(), left[0].token_hash), (1, first));
    assert!(two.a.store.session(&of_bob).await.unwrap().is_some());
    let ended = two.a.store.end_other_sessions(user, &first).await;
    assert_eq!(ended.unwrap(), 0);
}

pub(super) async fn failures_are_counted_listed_and_forgotten(two: Two) {
    let mut ids = Vec::new();
    for name in ["ada", "bob", "cyd"] {
        let (key, _, _) = two.a.registered(name).await;
        ids.push(CredentialId::new(&key.id).unwrap());
    }
    let [ada, bob, cyd] = &ids[..] else { panic!() };
    for (id, at, count) in [
        (ada, 1, 1),
        (bob, 2, 1),
        (bob, 3, 2),
        (ada, 4, 2),
        (cyd, 5, 1),
    ] {
        let counted = two.a.store.count_failure(id, NOW + at).await;
        assert_eq!(counted.unwrap(), count);
    }
    let listed = async |count| {
        let listed = two.b.store.failed_credentials(count).await.unwrap();
        let each = listed
            .into_iter()
            .map(|each| (each.id, each.state.failures));
        each.map(|(id, failures)| (id, failures.count, failures.last_ms))
            .collect::<Vec<_>>()
    };
    let (first, second) = ((ada.clone(), 2, NOW + 4), (bob.clone(), 2, NOW + 3));
    assert_eq!(listed(2).await, [first, second.clone()]);
    assert!(two.b.store.forget_failures(ada).await.unwrap());
    assert_eq!(listed(2).await, [second]);
    let last = two.a.store.credential(ada).await.unwrap().unwrap();
    assert_eq!(
        (last.state.failures.count, last.state.failures.last_ms),
        (0, 0)
    );
    let nobodys = CredentialId::new(&[7; 16]).unwrap();
    assert!(!two.a.store.forget_failures(&nobodys).await.unwrap());
    assert_eq!(two.a.store.count_failure(&nobodys, NOW).await.unwrap(), 0);
}

pub(super) async fn accounts_are_listed_by_name(two: Two) {
    // In the order of code points, whatever the language of the database.
    for name in ["éva", "zoe", "Ada", "ada", "a_b", "a b"] {
        two.a.registered(name).await;
    }
    let accounts = two.b.store.accounts().await.unwrap();
    let names: Vec<&str> = accounts
        .iter()
        .map(|account| account.name.as_str())
        .collect();
    assert_eq!(names, ["Ada", "a b", "a_b", "ada", "zoe", "éva"]);
}
