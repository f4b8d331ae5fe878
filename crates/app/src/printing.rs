//! Where a rendered ticket goes: a file, or the system's printer.

use crate::{App, AppError, Outcome};
use doorstep_domain::code::{Code, Refusal};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

impl App {
    /// Saves the ticket's PDF among the documents and tells where.
    ///
    /// # Errors
    /// As [`App::ticket`]; [`Code::SaveFailed`] with the folder.
    pub fn save_ticket(&self, visit: &str) -> Outcome<String> {
        let (ticket, pdf) = self.render(visit)?;
        self.save_document(&ticket.name, &pdf)
    }

    /// Saves a file among the documents, whole or not at all, and tells where.
    pub(crate) fn save_document(&self, name: &str, bytes: &[u8]) -> Outcome<String> {
        let folder = self.device.documents().join("Doorstep");
        let path = folder.join(name);
        let failed = |error: std::io::Error| AppError {
            refusal: Refusal::new(Code::SaveFailed).with("folder", folder.display()),
            cause: Some(error.into()),
        };
        std::fs::create_dir_all(&folder)
            .and_then(|()| write_whole(&path, bytes))
            .map_err(failed)?;
        Ok(path.display().to_string())
    }

    /// Sends the ticket to the system's default printer (CUPS `lp`).
    ///
    /// # Errors
    /// As [`App::ticket`]; [`Code::PrintFailed`] when there is no printer or it refuses.
    pub fn print_ticket(&self, visit: &str) -> Outcome<()> {
        let (ticket, pdf) = self.render(visit)?;
        self.print_document(&ticket.name, &pdf)
    }

    /// Sends a PDF to the system's default printer.
    pub(crate) fn print_document(&self, name: &str, pdf: &[u8]) -> Outcome<()> {
        let failed = |cause: anyhow::Error| AppError {
            refusal: Code::PrintFailed.into(),
            cause: Some(cause),
        };
        let mut lp = Command::new("lp")
            .args(["-t", name, "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| failed(e.into()))?;
        let sent = match lp.stdin.take() {
            Some(mut stdin) => stdin.write_all(pdf),
            None => Ok(()),
        };
        let status = lp.wait().map_err(|e| failed(e.into()))?;
        sent.map_err(|e| failed(e.into()))?;
        if status.success() {
            Ok(())
        } else {
            Err(failed(anyhow::anyhow!("lp ended with {status}")))
        }
    }
}

/// Beside first, then renamed: a half-written ticket never stands under its name.
fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut temp = PathBuf::from(path);
    temp.set_extension("part");
    let mut file = std::fs::File::create(&temp)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&temp, path)
}
