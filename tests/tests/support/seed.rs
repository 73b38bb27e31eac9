//! Randomness of the tests, from a printed seed: `MIEN_TEST_SEED` repeats a run.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

static NEXT: AtomicU64 = AtomicU64::new(0);

fn seed() -> &'static str {
    static SEED: OnceLock<String> = OnceLock::new();
    SEED.get_or_init(|| {
        let seed = std::env::var("MIEN_TEST_SEED").unwrap_or_else(|_| {
            let mut bytes = [0; 8];
            getrandom::fill(&mut bytes).unwrap();
            u64::from_le_bytes(bytes).to_string()
        });
        println!("MIEN_TEST_SEED={seed}");
        seed
    })
}

/// 32 bytes, new at each call. Tests run side by side, so which call gets which bytes may differ between runs.
pub(crate) fn bytes() -> [u8; 32] {
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    Sha256::digest(format!("{}/{number}", seed())).into()
}
