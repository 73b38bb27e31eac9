//! Client data of other contents and other forms than a browser's.

type Change = fn(&str) -> Vec<u8>;

fn instead(text: &str, of: &str, by: &str) -> Vec<u8> {
    text.replacen(of, by, 1).into_bytes()
}

/// One more member at the end.
fn with(text: &str, member: &str) -> Vec<u8> {
    let body = text.strip_suffix('}').unwrap();
    format!("{body},{member}}}").into_bytes()
}

/// `crossOrigin` with another value.
fn cross_origin(text: &str, value: &str) -> Vec<u8> {
    instead(
        text,
        r#""crossOrigin":false"#,
        &format!(r#""crossOrigin":{value}"#),
    )
}

fn origin(text: &str, origin: &str) -> Vec<u8> {
    instead(text, "http://localhost:8080", origin)
}

pub(super) const CHANGES: [(&str, Change); 54] = [
    ("type in capitals", |t| instead(t, "webauthn.", "WEBAUTHN.")),
    ("type of the other ceremony", |t| {
        if t.contains("webauthn.get") {
            instead(t, "webauthn.get", "webauthn.create")
        } else {
            instead(t, "webauthn.create", "webauthn.get")
        }
    }),
    ("type of U2F", |t| {
        instead(
            &t.replacen("webauthn.get", "webauthn.create", 1),
            "webauthn.create",
            "navigator.id.getAssertion",
        )
    }),
    ("type with an escape", |t| {
        instead(t, "webauthn.", r"webauthn\u002e")
    }),
    ("type with a space", |t| {
        instead(t, r#""webauthn."#, r#"" webauthn."#)
    }),
    ("no type", |t| instead(t, r#""type""#, r#""kind""#)),
    ("type null", |t| {
        instead(t, r#""type":""#, r#""type":null,"kind":""#)
    }),
    ("another challenge", |t| {
        instead(t, r#""challenge":""#, r#""challenge":"A"#)
    }),
    ("padded challenge", |t| {
        instead(t, r#"","origin""#, r#"=","origin""#)
    }),
    ("longer challenge", |t| {
        instead(t, r#"","origin""#, r#"A","origin""#)
    }),
    ("challenge with a line break", |t| {
        instead(t, r#"","origin""#, r#"\n","origin""#)
    }),
    ("challenge with an escape", |t| {
        instead(t, r#"","origin""#, r#"\u000a","origin""#)
    }),
    ("empty challenge", |t| {
        instead(t, r#""challenge":""#, r#""challenge":"","rest":""#)
    }),
    ("no challenge", |t| {
        instead(t, r#""challenge""#, r#""challange""#)
    }),
    ("challenge a list", |t| {
        instead(t, r#""challenge":""#, r#""challenge":[],"rest":""#)
    }),
    ("origin with https", |t| origin(t, "https://localhost:8080")),
    ("origin with a slash", |t| {
        origin(t, "http://localhost:8080/")
    }),
    ("origin without port", |t| origin(t, "http://localhost")),
    ("origin with another port", |t| {
        origin(t, "http://localhost:8081")
    }),
    ("origin below", |t| origin(t, "http://a.localhost:8080")),
    ("origin in capitals", |t| origin(t, "http://LOCALHOST:8080")),
    ("origin by address", |t| origin(t, "http://127.0.0.1:8080")),
    ("origin with a user", |t| {
        origin(t, "http://localhost:8080@example.org")
    }),
    ("origin that goes on", |t| {
        origin(t, "http://localhost:8080.example.org")
    }),
    ("origin with a path", |t| {
        origin(t, "http://localhost:8080/a")
    }),
    ("origin with an escape", |t| {
        origin(t, r"http:\/\/localhost:8080")
    }),
    ("origin null", |t| origin(t, "null")),
    ("empty origin", |t| origin(t, "")),
    ("origin a list", |t| {
        instead(
            t,
            r#""http://localhost:8080""#,
            r#"["http://localhost:8080"]"#,
        )
    }),
    ("no origin", |t| instead(t, r#""origin""#, r#""orygin""#)),
    ("crossOrigin true", |t| cross_origin(t, "true")),
    ("crossOrigin null", |t| cross_origin(t, "null")),
    ("crossOrigin a text", |t| cross_origin(t, r#""true""#)),
    ("crossOrigin 1", |t| cross_origin(t, "1")),
    ("no crossOrigin", |t| {
        instead(t, r#","crossOrigin":false"#, "")
    }),
    ("topOrigin", |t| {
        with(t, r#""topOrigin":"http://localhost:8080""#)
    }),
    ("topOrigin null", |t| with(t, r#""topOrigin":null"#)),
    ("token binding", |t| {
        with(t, r#""tokenBinding":{"status":"present","id":"AA"}"#)
    }),
    ("token binding supported", |t| {
        with(t, r#""tokenBinding":{"status":"supported"}"#)
    }),
    ("token binding of another status", |t| {
        with(t, r#""tokenBinding":{"status":"maybe"}"#)
    }),
    ("token binding without status", |t| {
        with(t, r#""tokenBinding":{}"#)
    }),
    ("token binding a text", |t| {
        with(t, r#""tokenBinding":"unused""#)
    }),
    ("a member that nobody knows", |t| {
        with(t, r#""other":{"a":[1,2.5e3,null]}"#)
    }),
    ("a hint to keep parsers honest", |t| {
        with(t, r#""other_keys_can_be_added_here":"do not compare""#)
    }),
    ("a member twice", |t| with(t, r#""crossOrigin":false"#)),
    ("a member twice that differs", |t| {
        with(t, r#""crossOrigin":true"#)
    }),
    ("an unknown member twice", |t| with(t, r#""a":1,"a":2"#)),
    ("a number that is too large", |t| with(t, r#""a":1e999"#)),
    ("not a number", |t| with(t, r#""a":NaN"#)),
    ("a lone surrogate", |t| with(t, r#""a":"\ud800""#)),
    ("byte order mark", |t| {
        [b"\xef\xbb\xbf", t.as_bytes()].concat()
    }),
    ("white space around", |t| {
        format!(" \r\n\t{t} \n").into_bytes()
    }),
    ("bytes behind", |t| format!("{t}x").into_bytes()),
    ("UTF-16", |t| {
        t.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }),
];
