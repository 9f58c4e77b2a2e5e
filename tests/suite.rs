//! One test binary.

mod cases;
#[cfg(test)]
mod formula;
#[cfg(test)]
mod live;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod shape;
#[cfg(test)]
mod support;
