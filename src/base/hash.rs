//! What a content is recognised by, and maps whose keys the program makes itself: hashes that are the same in every run.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use sha2::{Digest, Sha256};

/// So many hexadecimal digits of the SHA-256 of these pieces, one after the other.
pub fn digest(pieces: &[&[u8]], digits: usize) -> String {
    let mut hash = Sha256::new();
    for piece in pieces {
        hash.update(piece);
    }
    let bytes = hash.finalize();
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).take(digits);
    nibbles.filter_map(|nibble| char::from_digit(u32::from(nibble), 16)).collect()
}

/// A map over names of numbers and cells. A million formulas look their names up in it. Not for keys that somebody
/// types: those could be chosen to collide.
pub type QuickMap<K, V> = HashMap<K, V, BuildHasherDefault<QuickHasher>>;

/// Mixes whole words, as the Rust compiler does for its own tables.
#[derive(Clone, Copy, Default, Debug)]
pub struct QuickHasher(u64);

/// An odd number without a pattern.
const FACTOR: u64 = 0xF1_35_7A_EA_2E_62_A9_C5;

impl QuickHasher {
    fn mix(&mut self, word: u64) {
        self.0 = self.0.wrapping_add(word).wrapping_mul(FACTOR);
    }
}

impl Hasher for QuickHasher {
    fn finish(&self) -> u64 {
        // The best bits of a product are the high ones, and a table takes the low ones.
        self.0.rotate_left(26)
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.mix(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, v: u8) {
        self.mix(u64::from(v));
    }

    fn write_u16(&mut self, v: u16) {
        self.mix(u64::from(v));
    }

    fn write_u32(&mut self, v: u32) {
        self.mix(u64::from(v));
    }

    fn write_usize(&mut self, v: usize) {
        self.mix(v as u64);
    }

    fn write_isize(&mut self, v: isize) {
        self.mix(v as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of FIPS 180-4.
    #[test]
    fn pieces_have_the_hash_of_the_whole() {
        assert_eq!(digest(&[b"a", b"", b"bc"], 12), "ba7816bf8f01");
    }
}
