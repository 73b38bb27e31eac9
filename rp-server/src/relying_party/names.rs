//! Account names: what a person may be called, and when two names are the same.
//!
//! A new name is one or more userparts of the PRECIS profile UsernameCasePreserved (RFC 8265, section 3.4: letters and
//! digits of any script, ASCII punctuation; no symbols, controls, invisible or private characters; the Bidi rule), with
//! single spaces between. Its letters come from one script, or from those that are written together (Unicode TS #39,
//! "highly restrictive"), and a name in another script does not look like one in ASCII as a whole. Look-alikes within
//! one script (`l` and `1`) are not told apart. Accounts from before these rules keep their names.

use precis_profiles::UsernameCasePreserved;
use precis_profiles::precis_core::profile::Profile;
use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};
use unicode_security::confusable_detection::skeleton;
use unicode_security::{RestrictionLevel, RestrictionLevelDetection};

use super::Denied;

const LONGEST: usize = 64;

/// An account name in NFC, trimmed, 1 to 64 characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountName {
    shown: String,
    key: String,
}

impl AccountName {
    /// A name as somebody types it, for finding an account.
    ///
    /// # Errors
    /// [`Denied::InvalidName`] with the rule that is broken.
    pub fn parse(text: &str) -> Result<Self, Denied> {
        let shown = display(text)?;
        let shown: Vec<&str> = shown.split_whitespace().collect();
        let shown = shown.join(" ");
        // Compatibility form, lower case, one sigma: `Ada`, `ADA` and full-width `Ａda` are one name.
        let lower = shown.nfkc().flat_map(char::to_lowercase).nfkc();
        let key = lower.map(|c| if c == 'ς' { 'σ' } else { c }).collect();
        Ok(Self { shown, key })
    }

    /// The same name, if a new account may have it.
    ///
    /// # Errors
    /// [`Denied::InvalidName`] with the rule that is broken.
    pub fn admitted(self) -> Result<Self, Denied> {
        let profile = UsernameCasePreserved::new();
        let parts: Result<Vec<_>, _> = self
            .shown
            .split(' ')
            .map(|part| profile.enforce(part))
            .collect();
        let parts = parts.map_err(|_| Denied::InvalidName("characters that a name cannot have"))?;
        let shown = parts.join(" ");
        if mixes_scripts(&shown) {
            return Err(Denied::InvalidName("letters of several scripts"));
        }
        if looks_like_ascii(&shown) {
            return Err(Denied::InvalidName("looks like a name in another script"));
        }
        Ok(Self {
            shown,
            key: self.key,
        })
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

fn mixes_scripts(name: &str) -> bool {
    // Punctuation and space belong to every script.
    let letters: String = name
        .chars()
        .filter(|c| !c.is_ascii() || c.is_ascii_alphanumeric())
        .collect();
    !letters
        .as_str()
        .check_restriction_level(RestrictionLevel::HighlyRestrictive)
}

/// A word all of whose letters look like Latin ones, as Cyrillic `сосо` does.
fn looks_like_ascii(name: &str) -> bool {
    let shared = [Script::Latin, Script::Common, Script::Inherited];
    let foreign = name.chars().any(|c| !shared.contains(&c.script()));
    let folded = name.to_lowercase();
    foreign && (skeleton(name).all(|c| c.is_ascii()) || skeleton(&folded).all(|c| c.is_ascii()))
}

/// A name to be shown: NFC, trimmed, 1 to 64 characters, none that hides or reorders others. Nothing in it is markup
/// to anyone: it leaves in JSON only.
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
    use precis_profiles::UsernameCaseMapped;
    use proptest::prelude::*;

    fn new(text: &str) -> Result<AccountName, Denied> {
        AccountName::parse(text)?.admitted()
    }

    #[test]
    fn names_are_trimmed_and_folded() {
        let name = new("  Ada   Lovelace ").unwrap();
        assert_eq!(name.as_str(), "Ada Lovelace");
        assert_eq!(name.key(), "ada lovelace");
        let key = |text| new(text).unwrap().key;
        assert_eq!(key("\u{ff21}da"), key("aDA"));
        assert_eq!(new("\u{ff21}da").unwrap().as_str(), "Ada");
        assert_eq!(key("e\u{301}"), key("\u{c9}"));
        assert_eq!(key("ΟΔΟΣ"), key("οδος"));
    }

    #[test]
    fn names_of_the_world_are_admitted() {
        for good in [
            "ada",
            "ada@example.org",
            "Ada O'Neil-Smith_3",
            "José",
            "Zoë Çelik",
            "Дарья",
            "Γιώργος",
            "山田太郎",
            "やまだ タロウ",
            "김민준",
            "שרה",
            "محمد",
            "नीलम",
            "ทักษิณ",
        ] {
            assert!(new(good).is_ok(), "{good}: {:?}", new(good));
        }
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
            "a\u{7f}",
            "a\u{202e}b",
            "a\u{200b}",
            "a\u{e000}",
            "a\u{378}",
            "a😀",
            "a★",
            "ﬁn",
            // Cyrillic, Greek and Latin in one word.
            "аda",
            "pαypal",
            "Ada Дарья",
            // Cyrillic through and through.
            "сосо",
            "РАУ",
            // The Bidi rule: left-to-right in a right-to-left word.
            "שa",
            &long,
            &huge,
        ] {
            assert!(new(bad).is_err(), "{bad:?}");
        }
        assert!(new(&"é".repeat(64)).is_ok());
    }

    #[test]
    fn a_name_from_before_the_rules_is_still_found() {
        for older in ["a😀", "ﬁn", "аda", "Ada ★ Дарья"] {
            assert!(AccountName::parse(older).is_ok(), "{older}");
        }
    }

    proptest! {
        /// Names that are one name by RFC 8265 (UsernameCaseMapped) have one key.
        #[test]
        fn what_is_one_name_by_precis_has_one_key(text in "[\\p{L}\\p{N}]{1,8}") {
            if let Ok(name) = new(&text) {
                let mapped = UsernameCaseMapped::new().enforce(name.as_str());
                if let Ok(mapped) = mapped {
                    let mapped = AccountName::parse(&mapped).unwrap();
                    prop_assert_eq!(mapped.key(), name.key());
                }
            }
        }
    }
}
