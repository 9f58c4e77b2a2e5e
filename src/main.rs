//! Parses arguments and calls the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    backcast::cli::run()
}
