//! Texts that stand in a larger one: a million of them take a few pieces of memory.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

/// A text that was written into a larger one beside others, and is read from there. It is empty until those are complete.
#[derive(Clone)]
pub struct Excerpt {
    of: Arc<OnceLock<Box<str>>>,
    start: u32,
    end: u32,
}

/// Texts one behind the other. They are complete, and can be read, when this goes out of scope.
#[derive(Default)]
pub struct Collection {
    text: String,
    whole: Arc<OnceLock<Box<str>>>,
}

/// So many bytes of texts stand in one.
const MOST: usize = 1 << 24;

impl Collection {
    /// Adds a text.
    pub fn add(&mut self, text: &str) -> Excerpt {
        self.write(|out| out.push_str(text)).1
    }

    /// Adds the text that is written.
    pub fn write<T>(&mut self, write: impl FnOnce(&mut String) -> T) -> (T, Excerpt) {
        if self.text.len() > MOST {
            *self = Self::default();
        }
        let start = self.text.len();
        let made = write(&mut self.text);
        let [start, end] = [start, self.text.len()].map(|at| u32::try_from(at).unwrap_or(u32::MAX));
        (made, Excerpt { of: self.whole.clone(), start, end })
    }
}

impl Drop for Collection {
    fn drop(&mut self) {
        // Set nowhere else, so it is free.
        let _ = self.whole.set(std::mem::take(&mut self.text).into_boxed_str());
    }
}

impl Excerpt {
    fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether it has no letters; known before it can be read.
    pub fn is_empty(&self) -> bool {
        self.span().is_empty()
    }
}

impl Deref for Excerpt {
    type Target = str;

    fn deref(&self) -> &str {
        self.of.get().and_then(|whole| whole.get(self.span())).unwrap_or_default()
    }
}

impl From<&str> for Excerpt {
    fn from(text: &str) -> Self {
        Collection::default().add(text)
    }
}

impl PartialEq for Excerpt {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_when_all_are_there() {
        let mut texts = Collection::default();
        let all = ["A1+B1", "", "SUMA(ą)"].map(|text| texts.add(text));
        assert_eq!(all.each_ref().map(Excerpt::is_empty), [false, true, false]);
        drop(texts);
        assert_eq!(all.each_ref().map(|text| &**text), ["A1+B1", "", "SUMA(ą)"]);
        assert_eq!(all[2], Excerpt::from("SUMA(ą)"));
        assert_ne!(all[0], all[2]);
    }

    #[test]
    fn a_large_text_ends_and_another_begins() {
        let mut texts = Collection::default();
        let large = "x".repeat(MOST + 1);
        let (first, second) = (texts.add(&large), texts.add("second"));
        drop(texts);
        assert_eq!((&*first, &*second), (large.as_str(), "second"));
    }
}
