//! The display: is there one, and how to draw on it.

use std::env;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::ShellError;

/// WebKitGTK's switch from shared GPU buffers to plain memory.
const PLAIN_BUFFERS: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Starts this program anew with plain buffers when the machine has no GPU.
///
/// Without a GPU, the shared-buffer path costs 0.3 s at start and 80 MB. WebKitGTK reads the
/// variable from the environment, and setting it in a running process is unsafe. `exec` keeps the
/// process id and costs linking WebKitGTK once more (about 85 ms of CPU here). When it fails, the app goes on,
/// only slower.
pub fn prefer_light_rendering() {
    if env::var_os(PLAIN_BUFFERS).is_some() || Path::new("/dev/dri").exists() {
        return;
    }
    if let Ok(program) = env::current_exe() {
        let error = Command::new(program)
            .args(env::args_os().skip(1))
            .env(PLAIN_BUFFERS, "1")
            .exec();
        tracing::warn!(%error, "cannot start again with plain buffers");
    }
}

/// Finds out before Tauri does, because Tauri panics.
pub(crate) fn check() -> Result<(), ShellError> {
    if !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") {
        return Err(ShellError::NoDisplay);
    }
    gtk::init().map_err(ShellError::DisplayUnreachable)
}

fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}
