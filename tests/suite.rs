//! One test binary.

mod cases;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod program;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tidy;
