//! One ECDSA signature over P-256 in other encodings, and what is none.

use p256::ecdsa::Signature;

type Change = fn(&[u8]) -> Vec<u8>;

/// r and s as DER has them: INTEGERs of few bytes.
fn parts(der: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let r_end = 4 + usize::from(der[3]);
    (der[4..r_end].to_vec(), der[r_end + 2..].to_vec())
}

fn integer(number: &[u8]) -> Vec<u8> {
    let length = u8::try_from(number.len()).unwrap();
    [&[0x02, length], number].concat()
}

fn sequence(content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap();
    [&[0x30, length], content].concat()
}

fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    sequence(&[integer(r), integer(s)].concat())
}

fn with_zero(number: &[u8]) -> Vec<u8> {
    [&[0], number].concat()
}

/// Without the zero that keeps a number from being negative.
fn without_zero(number: &[u8]) -> Vec<u8> {
    number.strip_prefix(&[0]).unwrap_or(number).to_vec()
}

/// The order of P-256.
const ORDER: [u8; 33] = *b"\x00\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51";

pub(super) const CHANGES: [(&str, Change); 18] = [
    // ECDSA signatures come in pairs, and WebAuthn does not choose among them.
    ("n - s", |bytes| {
        let (r, s) = Signature::from_der(bytes).unwrap().split_scalars();
        let twin = Signature::from_scalars(*r, -*s).unwrap();
        twin.to_der().as_bytes().to_vec()
    }),
    ("r and s without DER", |bytes| {
        Signature::from_der(bytes).unwrap().to_bytes().to_vec()
    }),
    ("r with a zero too many", |bytes| {
        let (r, s) = parts(bytes);
        der(&with_zero(&r), &s)
    }),
    ("s with a zero too many", |bytes| {
        let (r, s) = parts(bytes);
        der(&r, &with_zero(&s))
    }),
    ("numbers of unsigned bytes", |bytes| {
        let (r, s) = parts(bytes);
        let (r, s) = (without_zero(&r), without_zero(&s));
        // Where neither needs the zero it would be no change.
        if (r[0] | s[0]) < 0x80 {
            Vec::new()
        } else {
            der(&r, &s)
        }
    }),
    ("exchanged", |bytes| {
        let (r, s) = parts(bytes);
        der(&s, &r)
    }),
    ("r of zero", |bytes| der(&[0], &parts(bytes).1)),
    ("s of zero", |bytes| der(&parts(bytes).0, &[0])),
    ("both zero", |_| der(&[0], &[0])),
    ("r of the order", |bytes| der(&ORDER, &parts(bytes).1)),
    ("s of the order", |bytes| der(&parts(bytes).0, &ORDER)),
    ("without s", |bytes| sequence(&integer(&parts(bytes).0))),
    ("a third number", |bytes| {
        let (r, s) = parts(bytes);
        sequence(&[integer(&r), integer(&s), integer(&[1])].concat())
    }),
    ("length of two bytes", |bytes| {
        [&[0x30, 0x81], &bytes[1..]].concat()
    }),
    ("indefinite length", |bytes| {
        [&[0x30, 0x80], &bytes[2..], &[0, 0]].concat()
    }),
    ("a set", |bytes| [&[0x31], &bytes[1..]].concat()),
    ("bytes behind", |bytes| [bytes, &[0]].concat()),
    ("none", |_| Vec::new()),
];
