//! See `backcast_fuzz::read`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| backcast_fuzz::read(input));
