//! Changes of bytes at random.

use crate::support::seed;

pub(super) type Mutation = (&'static str, fn(&mut Vec<u8>));

pub(super) const MUTATIONS: [Mutation; 8] = [
    ("flip a bit", |bytes| {
        let at = below(bytes.len());
        bytes[at] ^= 1 << below(8);
    }),
    ("set a byte", |bytes| {
        let at = below(bytes.len());
        bytes[at] = byte();
    }),
    ("insert a byte", |bytes| {
        let at = below(bytes.len() + 1);
        bytes.insert(at, byte());
    }),
    ("remove a byte", |bytes| {
        let at = below(bytes.len());
        bytes.remove(at);
    }),
    ("cut the end", |bytes| bytes.truncate(below(bytes.len()))),
    ("append bytes", |bytes| {
        let more = 1 + below(8);
        bytes.extend((0..more).map(|_| byte()));
    }),
    ("repeat a piece", |bytes| {
        let (from, to) = piece(bytes);
        let copy = bytes[from..to].to_vec();
        bytes.splice(to..to, copy);
    }),
    ("exchange two bytes", |bytes| {
        let (one, two) = (below(bytes.len()), below(bytes.len()));
        bytes.swap(one, two);
    }),
];

fn below(limit: usize) -> usize {
    let number = u64::from_le_bytes(seed::bytes()[..8].try_into().unwrap());
    usize::try_from(number % u64::try_from(limit.max(1)).unwrap()).unwrap()
}

fn byte() -> u8 {
    seed::bytes()[0]
}

fn piece(bytes: &[u8]) -> (usize, usize) {
    let (one, two) = (below(bytes.len()), below(bytes.len()));
    (one.min(two), one.max(two) + 1)
}

/// Gives one byte another value.
pub(super) fn change_byte(bytes: &mut [u8], at: usize) {
    bytes[at] ^= 1 + u8::try_from(below(255)).unwrap();
}

/// Flips one bit, counted from the first byte's least.
pub(super) fn flip_bit(bytes: &mut [u8], at: usize) {
    bytes[at / 8] ^= 1 << (at % 8);
}
