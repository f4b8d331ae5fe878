//! `doorstep-hub`: the company's server and the office's commands.

mod commands;
mod demo;
mod machine;
mod serve;

use clap::Parser;
use commands::Cli;
use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // nobody can be told when the console is gone
            let mut console = std::io::stderr().lock();
            writeln!(console, "{failure}").ok();
            let mut cause = failure.source();
            while let Some(error) = cause {
                writeln!(console, "  {error}").ok();
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}
