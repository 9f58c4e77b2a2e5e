//! See `backcast_fuzz::parse`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| backcast_fuzz::parse(input));
