//! The shell: the window, the device's own services and the commands. It holds no rules of the trade.

mod commands;
mod display;
mod window;

pub use display::prefer_light_rendering;

/// Why the window did not open. The text is for the person at the terminal, Chinese first.
#[derive(Debug, thiserror::Error)]
pub enum ShellError {
    /// Neither `DISPLAY` nor `WAYLAND_DISPLAY` is set.
    #[error(
        "没有可用的显示器：请在桌面会话里打开 Doorstep（DISPLAY 和 WAYLAND_DISPLAY 都没有设置）。\n\
         No display: open Doorstep inside a desktop session (neither DISPLAY nor WAYLAND_DISPLAY is set)."
    )]
    NoDisplay,
    /// A display is named, but nothing answers there.
    #[error(
        "连不上显示器：DISPLAY 或 WAYLAND_DISPLAY 指向的显示服务没有应答。\n\
         The display does not answer: check what DISPLAY or WAYLAND_DISPLAY points to."
    )]
    DisplayUnreachable(#[source] glib::BoolError),
    /// The webview or its window could not be made.
    #[error(
        "窗口打不开：网页组件（WebKitGTK）启动失败，请重装 libwebkit2gtk-4.1 后再试。\n\
         The window cannot open: WebKitGTK did not start; reinstall libwebkit2gtk-4.1 and try again."
    )]
    Webview(#[from] tauri::Error),
}

/// Opens the window and stays until it is closed.
///
/// # Errors
/// [`ShellError`] when there is no display or the webview does not start.
pub fn run() -> Result<(), ShellError> {
    display::check()?;
    let app = tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![commands::ping])
        .build(tauri::generate_context!("tauri.conf.json"))?;
    // made here and not by the configuration: there a failure is a panic, here it is a value
    window::open(&app)?;
    app.run(|_, _| {});
    Ok(())
}
