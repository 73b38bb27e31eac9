//! Account names: what a person may be called, and when two names are the same.

use unicode_normalization::UnicodeNormalization;

use super::Denied;

const LONGEST: usize = 64;

/// An account name in NFC, trimmed, 1 to 64 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountName {
    shown: String,
    key: String,
}

impl AccountName {
    /// Checks and normalises.
    pub fn parse(text: &str) -> Result<Self, Denied> {
        let shown = display(text)?;
        // Compatibility form, lower case: `Ada`, `ADA` and full-width `Ａda` are one name.
        let key: String = shown.nfkc().flat_map(char::to_lowercase).nfkc().collect();
        Ok(Self { shown, key })
    }

    /// As shown.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// Folded: equal for names that count as the same.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// A name to be shown: NFC, trimmed, 1 to 64 characters, none that hides or reorders others.
pub(super) fn display(text: &str) -> Result<String, Denied> {
    // Bounds the work before any of it is done.
    if text.len() > 16 * LONGEST {
        return Err(Denied::InvalidName("longer than 64 characters"));
    }
    let shown: String = text.trim().nfc().collect();
    if shown.is_empty() {
        return Err(Denied::InvalidName("empty"));
    }
    if shown.chars().count() > LONGEST {
        return Err(Denied::InvalidName("longer than 64 characters"));
    }
    if shown.chars().any(hidden) {
        return Err(Denied::InvalidName("control or invisible characters"));
    }
    Ok(shown)
}

/// Controls, line separators, and format characters (Unicode general category Cf) that a name has no use for.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_folded() {
        let name = AccountName::parse("  Ada Lovelace ").unwrap();
        assert_eq!(name.as_str(), "Ada Lovelace");
        assert_eq!(name.key(), "ada lovelace");
        let key = |text| AccountName::parse(text).unwrap().key;
        assert_eq!(key("\u{ff21}da"), key("aDA"));
        assert_eq!(key("e\u{301}"), key("\u{c9}"));
    }

    #[test]
    fn bad_names_are_refused() {
        let long = "x".repeat(65);
        let huge = "x".repeat(100_000);
        for bad in [
            "",
            "  ",
            "a\nb",
            "a\u{0}",
            "a\u{202e}b",
            "a\u{200b}",
            &long,
            &huge,
        ] {
            assert!(AccountName::parse(bad).is_err(), "{bad:?}");
        }
        assert!(AccountName::parse(&"é".repeat(64)).is_ok());
    }
}
