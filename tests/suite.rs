//! One test binary.

mod cases;
#[cfg(test)]
mod grids;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod robust;
