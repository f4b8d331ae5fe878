//! The display: is there one, and how to draw on it.

use std::env;
use std::path::Path;

use crate::ShellError;

/// WebKitGTK's switch from shared GPU buffers to plain memory.
const PLAIN_BUFFERS: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Chooses plain buffers when the machine has no GPU; to be called before any thread is started.
///
/// Without a GPU, the shared-buffer path costs 0.3 s at start and 80 MB. When it cannot be set, the app goes on,
/// only slower.
pub fn prefer_light_rendering() {
    if env::var_os(PLAIN_BUFFERS).is_some() || Path::new("/dev/dri").exists() {
        return;
    }
    if let Err(error) = glib::setenv(PLAIN_BUFFERS, "1", false) {
        tracing::warn!(%error, "cannot choose plain buffers");
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
