//! What the page may ask for. A command parses, calls `app`, converts the error, traces; nothing else.

/// Answers the page, so that it knows the shell is there. Gives the app's version.
#[tauri::command]
#[tracing::instrument]
pub(crate) fn ping() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
