//! Random bytes from the operating system.

use getrandom::SysRng;
use getrandom::rand_core::TryRng;

/// The operating system gave no random bytes: nothing that needs them may go on.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandom;

/// `N` bytes from the operating system's generator.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], NoRandom> {
    let mut out = [0; N];
    SysRng.try_fill_bytes(&mut out).map_err(|_| NoRandom)?;
    Ok(out)
}
