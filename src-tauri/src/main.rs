//! Starts the window, or says in one sentence why it cannot open.

use std::process::ExitCode;

use doorstep_shell::ShellError;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("DOORSTEP_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    doorstep_shell::prefer_light_rendering();
    match doorstep_shell::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            let mut cause = std::error::Error::source(&error);
            while let Some(inner) = cause {
                eprintln!("  · {inner}");
                cause = inner.source();
            }
            match error {
                ShellError::NoDisplay | ShellError::DisplayUnreachable(_) => ExitCode::from(2),
                ShellError::Webview(_) => ExitCode::from(3),
            }
        }
    }
}
