//! One test binary.

mod cases;
