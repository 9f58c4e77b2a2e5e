//! What a library said of a mishap in its own words: neither file nor cell, but of use to whoever looks for the cause.

use std::any::Any;
use std::fmt::Display;
use std::panic::PanicHookInfo;
use std::path::Path;

use crate::base::text::shown;

/// The words of a library, made safe to show. They are no part of what was found: two that differ are equal.
#[derive(Clone, Default, Debug)]
pub struct Said(
    /// One word wide: nearly every finding has none, and findings are handed on by value.
    Option<Box<Box<str>>>,
);

impl PartialEq for Said {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Said {}

impl Said {
    /// These words.
    pub fn by(library: &impl Display) -> Self {
        Self(Some(Box::new(shown(&library.to_string()).into())))
    }

    /// The words, where a library said any.
    pub fn words(&self) -> Option<&str> {
        self.0.as_deref().map(|words| &**words)
    }
}

/// File and line of a failure. Folders are left out: they are those of the machine that compiled the program.
pub fn place(info: &PanicHookInfo<'_>) -> Option<String> {
    let location = info.location()?;
    let file = Path::new(location.file()).file_name()?.to_string_lossy().into_owned();
    Some(format!("{file}, {}", location.line()))
}

/// What a failure says of itself, behind the place where it was.
pub fn failure(place: Option<String>, thrown: &(dyn Any + Send)) -> String {
    let owned = || thrown.downcast_ref::<String>().map(String::as_str);
    let words = thrown.downcast_ref::<&str>().copied().or_else(owned);
    let parts = [place, words.map(str::to_owned)].into_iter().flatten();
    parts.collect::<Vec<String>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::cell::Spot;
    use crate::base::finding::{Finding, Findings};
    use crate::read::rules::damaged;

    #[test]
    fn the_words_of_a_library_make_no_other_finding() {
        let found = |said: &str| damaged(Spot::File, "damage.xml").said_by(&said);
        let (one, other): (Finding, Finding) = (found("one"), found("other"));
        assert_eq!(one, other);
        let mut all = Findings::default();
        for finding in [one, other, damaged(Spot::File, "damage.xml")] {
            all.push(finding);
        }
        let said: Vec<Option<&str>> = all.sorted().into_iter().map(|found| found.said.words()).collect();
        assert_eq!(said, [Some("one")]);
    }

    #[test]
    fn a_failure_is_told_by_what_is_known_of_it() {
        let place = || Some(String::from("xlsx.rs, 7"));
        assert_eq!(failure(place(), &"broken"), "xlsx.rs, 7: broken");
        assert_eq!(failure(None, &String::from("broken")), "broken");
        assert_eq!(failure(place(), &7), "xlsx.rs, 7");
        assert_eq!(failure(None, &7), "");
    }
}
