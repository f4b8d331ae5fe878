//! The one window: what it may load, what it may use, how it takes Chinese input.

use tauri::utils::config::WindowConfig;
use tauri::webview::{PermissionKind, PermissionResponse, Webview};
use tauri::{App, Runtime, Url, WebviewWindow, WebviewWindowBuilder};
use webkit2gtk::{InputMethodContextExt, WebViewExt};

/// Asks the page's first question before the page is read: the answer comes while its scripts load.
/// `ui/src/backend/tauri.ts` takes it from there.
const ASK_FIRST: &str = "\
Object.defineProperty(window, '__DOORSTEP_BOOT__', {\
  value: window.__TAURI_INTERNALS__.invoke('boot').then((boot) => ({ boot }), (refusal) => ({ refusal })),\
  configurable: true\
})";

/// Opens the window that `tauri.conf.json` describes.
pub(crate) fn open(app: &App) -> tauri::Result<()> {
    let config = app.config().app.windows.first().cloned();
    let config: WindowConfig = config.unwrap_or_default();
    let window = WebviewWindowBuilder::from_config(app, &config)?
        .initialization_script(ASK_FIRST)
        .on_navigation(is_own_page)
        .on_permission_request(grant)
        .build()?;
    show_composition(&window)
}

/// Only the app's own pages open in the window; a link elsewhere does nothing.
fn is_own_page(url: &Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost")) => true,
        ("http", Some("localhost" | "127.0.0.1")) => tauri::is_dev(),
        _ => false,
    }
}

/// The camera is for photos of the work. As [`is_own_page`] keeps foreign pages out, whoever asks is us.
fn grant<R: Runtime>(_webview: Webview<R>, kind: PermissionKind) -> PermissionResponse {
    match kind {
        PermissionKind::Camera => PermissionResponse::Allow,
        _ => PermissionResponse::Deny,
    }
}

/// Shows the letters of an input method at the cursor while a Chinese word is being composed.
///
/// wry turns this off for the sake of one input method's own pop-up; without it a technician
/// types blind until a candidate is chosen.
fn show_composition<R: Runtime>(window: &WebviewWindow<R>) -> tauri::Result<()> {
    window.with_webview(|webview| {
        if let Some(input) = webview.inner().input_method_context() {
            input.set_enable_preedit(true);
        }
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::is_own_page;

    #[test]
    fn only_own_pages_open() {
        let own = ["tauri://localhost/", "http://tauri.localhost/today"];
        let foreign = [
            "https://example.com/",
            "file:///etc/passwd",
            "tauri://elsewhere/",
            "data:text/html,hello",
            "http://tauri.localhost.example.com/",
        ];
        for url in own {
            assert!(is_own_page(&url.parse().unwrap()), "{url} is ours");
        }
        for url in foreign {
            assert!(!is_own_page(&url.parse().unwrap()), "{url} is not ours");
        }
    }
}
