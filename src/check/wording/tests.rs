//! Every list and every row of the contract, in four languages.

mod figures;
mod lists;
mod owners;
mod periods;
mod rows;
