//! Starts the window, or says in one sentence why it cannot open.

use std::process::ExitCode;

use doorstep_shell::ShellError;

fn main() -> ExitCode {
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
