//! Tests of `Secret`: wiping, redaction, equality.
use std::cell::Cell;
use std::rc::Rc;

use zeroize::Zeroize;

use super::Secret;

/// Tells the test that it was wiped.
struct Witness(Rc<Cell<u32>>);

impl Zeroize for Witness {
    fn zeroize(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

#[test]
fn drop_wipes_exactly_once() {
    let wiped = Rc::new(Cell::new(0));
    let secret = Secret::new(Witness(Rc::clone(&wiped)));
    assert_eq!(wiped.get(), 0);
    drop(secret);
    assert_eq!(wiped.get(), 1);
}

#[test]
fn zeroize_wipes_in_place() {
    let mut secret = Secret::new([0xAA_u8; 4]);
    secret.zeroize();
    assert_eq!(secret.expose_secret("test"), &[0; 4]);
}

#[test]
fn debug_shows_no_content() {
    let text = format!(
        "{:?} {:#?}",
        Secret::new(*b"hunter2"),
        Secret::new(vec![104_u8; 3])
    );
    assert_eq!(text, "Secret(..) Secret(..)");
}

#[test]
fn equality_is_by_bytes_and_length() {
    assert_eq!(Secret::new(vec![1_u8, 2]), Secret::new(vec![1, 2]));
    assert_ne!(Secret::new(vec![1_u8, 2]), Secret::new(vec![1, 3]));
    assert_ne!(Secret::new(vec![1_u8, 2]), Secret::new(vec![1]));
}

#[test]
fn filled_by_writes_into_the_final_place() {
    let secret = Secret::<[u8; 4]>::filled_by(|out| out.copy_from_slice(&[1, 2, 3, 4]));
    assert_eq!(secret.expose_secret("test"), &[1, 2, 3, 4]);
    let mut secret = secret;
    secret.expose_secret_mut("test")[0] = 9;
    assert_eq!(secret.expose_secret("test")[0], 9);
}
