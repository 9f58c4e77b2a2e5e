//! See `backcast_fuzz::graft`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| backcast_fuzz::graft(input));
