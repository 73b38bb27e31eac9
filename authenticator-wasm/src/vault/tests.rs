//! The vault in a real browser: real IndexedDB, real WebCrypto, in a dedicated worker.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests; the lint knows only functions marked #[test]"
)]

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::{
    Change, Kind, Row, Secret, Vault, VaultError,
    indexed_db::{SEALED, Write},
};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

const TEXT: &[u8] = b"a record that nobody else may read";

/// Every test has a relying party of its own: they share one database.
fn row(rp_id: &str, id: &str) -> Row {
    Row::new(Kind::Credential, rp_id, id)
}

fn plain() -> Secret<Vec<u8>> {
    Secret::new(TEXT.to_vec())
}

async fn raw(vault: &Vault, row: &Row) -> Vec<u8> {
    let value = vault.connection.get(SEALED, &row.0).await.unwrap().unwrap();
    value.dyn_into::<Uint8Array>().unwrap().to_vec()
}

async fn put_raw(vault: &Vault, row: &Row, bytes: &[u8]) {
    let value = Uint8Array::from(bytes).into();
    vault
        .connection
        .write(vec![Write::Put(row.0.clone(), value)])
        .await
        .unwrap();
}

#[wasm_bindgen_test]
async fn what_was_written_is_read_back_by_another_connection() {
    let row = row("reads.example", "one");
    Vault::open()
        .await
        .unwrap()
        .write(vec![Change::Put(row.clone(), plain())])
        .await
        .unwrap();
    let read = Vault::open()
        .await
        .unwrap()
        .read(&row)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read.expose_secret("test"), TEXT);
}

#[wasm_bindgen_test]
async fn nothing_legible_lies_in_the_database() {
    let vault = Vault::open().await.unwrap();
    let row = row("legible.example", "one");
    vault
        .write(vec![Change::Put(row.clone(), plain())])
        .await
        .unwrap();
    let first = raw(&vault, &row).await;
    assert!(
        !first
            .windows(8)
            .any(|window| TEXT.windows(8).any(|text| text == window))
    );
    // A fresh nonce each time: equal contents do not look equal.
    vault
        .write(vec![Change::Put(row.clone(), plain())])
        .await
        .unwrap();
    assert_ne!(first, raw(&vault, &row).await);
}

#[wasm_bindgen_test]
async fn an_altered_cut_or_moved_row_does_not_open_and_stays() {
    let vault = Vault::open().await.unwrap();
    let (here, there) = (
        row("damage.example", "here"),
        row("damage.example", "there"),
    );
    vault
        .write(vec![Change::Put(here.clone(), plain())])
        .await
        .unwrap();
    let good = raw(&vault, &here).await;

    for position in 0..good.len() {
        let mut altered = good.clone();
        altered[position] ^= 1;
        put_raw(&vault, &here, &altered).await;
        assert_eq!(
            vault.read(&here).await.err(),
            Some(VaultError::Damaged),
            "octet {position}"
        );
    }
    for length in [0, 1, 12, 13, 28, good.len() - 1] {
        put_raw(&vault, &here, &good[..length]).await;
        assert_eq!(
            vault.read(&here).await.err(),
            Some(VaultError::Damaged),
            "length {length}"
        );
    }
    put_raw(&vault, &there, &good).await;
    assert_eq!(
        vault.read(&there).await.err(),
        Some(VaultError::Damaged),
        "moved"
    );

    put_raw(&vault, &here, &good).await;
    assert!(
        vault.read(&here).await.unwrap().is_some(),
        "refusing to open must not destroy"
    );
}

#[wasm_bindgen_test]
async fn rows_are_those_of_one_relying_party_and_kind() {
    let vault = Vault::open().await.unwrap();
    let mine = row("list.example", "one");
    vault
        .write(vec![
            Change::Put(mine.clone(), plain()),
            Change::Put(row("list.example.evil", "two"), plain()),
            Change::Put(Row::new(Kind::Attempts, "list.example", "one"), plain()),
        ])
        .await
        .unwrap();
    assert_eq!(
        vault.rows(Kind::Credential, "list.example").await.unwrap(),
        vec![mine]
    );
}

#[wasm_bindgen_test]
async fn deletion_leaves_nothing_and_may_be_repeated() {
    let vault = Vault::open().await.unwrap();
    let row = row("delete.example", "one");
    vault
        .write(vec![Change::Put(row.clone(), plain())])
        .await
        .unwrap();
    for _ in 0..2 {
        vault
            .write(vec![Change::Delete(row.clone())])
            .await
            .unwrap();
        assert!(vault.read(&row).await.unwrap().is_none());
    }
}

#[wasm_bindgen_test]
async fn the_device_key_cannot_be_exported() {
    let vault = Vault::open().await.unwrap();
    assert!(!vault.device_key.extractable());
}
