//! Credential records of before migration 0004: JSON of webauthn-rs 0.6, carried over into columns once.

use serde::Deserialize;
use sqlx::{Row, SqlitePool};

use crate::authentication_server::{CredentialState, Failures, PublicKey};
use crate::encoding::from_base64url;
use crate::store::StoreError;

/// Gives every row of the older form its columns, all or none. Idempotent.
pub(super) async fn carry_over(pool: &SqlitePool) -> Result<(), StoreError> {
    let mut write = pool.begin_with("BEGIN IMMEDIATE").await?;
    let older: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM pragma_table_info('credentials') WHERE name = 'passkey')",
    )
    .fetch_one(&mut *write)
    .await?;
    if !older {
        return Ok(());
    }
    let rows = sqlx::query("SELECT credential_id, passkey FROM credentials WHERE public_key = x''")
        .fetch_all(&mut *write)
        .await?;
    for row in &rows {
        let record = read(row.try_get("passkey")?)
            .ok_or(StoreError::Corrupt("credential record of an older form"))?;
        sqlx::query(
            "UPDATE credentials SET public_key = ?, algorithm = ?, sign_count = ?, \
             uv_initialized = ?, backup_eligible = ?, backup_state = ?, transports = ? \
             WHERE credential_id = ?",
        )
        .bind(&record.public_key.cose)
        .bind(record.public_key.algorithm)
        .bind(record.state.sign_count)
        .bind(record.state.uv_initialized)
        .bind(record.backup_eligible)
        .bind(record.state.backup_state)
        .bind(record.transports.join(","))
        .bind(row.try_get::<&[u8], _>("credential_id")?)
        .execute(&mut *write)
        .await?;
    }
    write.commit().await?;
    if !rows.is_empty() {
        tracing::info!(records = rows.len(), "credential records were carried over");
    }
    Ok(())
}

struct Older {
    public_key: PublicKey,
    state: CredentialState,
    backup_eligible: bool,
    transports: Vec<String>,
}

#[derive(Deserialize)]
struct Passkey {
    cred: Credential,
}

#[derive(Deserialize)]
struct Credential {
    cred: CoseKey,
    counter: u32,
    transports: Option<Vec<String>>,
    user_verified: bool,
    backup_eligible: bool,
    backup_state: bool,
}

#[derive(Deserialize)]
struct CoseKey {
    key: Key,
}

/// The algorithm goes by the curve, as it did when webauthn-rs verified.
#[derive(Deserialize)]
enum Key {
    #[serde(rename = "EC_EC2")]
    Ec2 { curve: Curve, x: String, y: String },
    #[serde(rename = "RSA")]
    Rsa { n: String, e: [u8; 3] },
}

#[derive(Deserialize)]
enum Curve {
    #[serde(rename = "SECP256R1")]
    P256,
    #[serde(rename = "SECP384R1")]
    P384,
    #[serde(rename = "SECP521R1")]
    P521,
}

fn read(json: &str) -> Option<Older> {
    let Passkey { cred } = serde_json::from_str(json).ok()?;
    Some(Older {
        public_key: cred.cred.key.read()?,
        state: CredentialState {
            sign_count: cred.counter,
            uv_initialized: cred.user_verified,
            user_verified: cred.user_verified,
            backup_state: cred.backup_state,
            failures: Failures::default(),
        },
        backup_eligible: cred.backup_eligible,
        transports: cred.transports.unwrap_or_default(),
    })
}

impl Key {
    fn read(&self) -> Option<PublicKey> {
        match self {
            Self::Ec2 { curve, x, y } => {
                let algorithm = match curve {
                    Curve::P256 => -7,
                    Curve::P384 => -35,
                    // It could be registered and never verified anything: it stays, and stays so.
                    Curve::P521 => {
                        return Some(PublicKey {
                            algorithm: -36,
                            cose: b"\xa0".to_vec(),
                        });
                    }
                };
                PublicKey::from_numbers(algorithm, &from_base64url(x)?, &from_base64url(y)?)
            }
            Self::Rsa { n, e } => PublicKey::from_numbers(-257, &from_base64url(n)?, e),
        }
    }
}
