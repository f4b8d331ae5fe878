//! The yardstick of the cold start (`make bench`): a Tauri window with one line of text and nothing else.
//!
//! Window, icon and content policy are those of the app, so that the difference is our own work and nothing more.

use tauri::WebviewWindowBuilder;

fn main() -> Result<(), tauri::Error> {
    let app = tauri::Builder::default().build(tauri::generate_context!(
        "src-tauri/examples/empty_window/tauri.conf.json"
    ))?;
    if let Some(window) = app.config().app.windows.first().cloned() {
        WebviewWindowBuilder::from_config(&app, &window)?.build()?;
    }
    app.run(|_, _| {});
    Ok(())
}
