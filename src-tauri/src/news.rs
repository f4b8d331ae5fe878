//! What the window hears of by itself: news of the sync. And what the sync hears of: the network came back.

use doorstep_app::App;
use gtk::gio;
use gtk::gio::prelude::NetworkMonitorExt;
use tauri::{AppHandle, Emitter, Manager};

/// The event of the page.
const SYNC: &str = "sync";

/// Tells the window of the sync's news, and the sync of the network's.
pub(crate) fn listen(handle: &AppHandle) {
    let window = handle.clone();
    handle.state::<App>().on_sync(move |news| {
        if let Err(error) = window.emit(SYNC, news) {
            tracing::warn!(%error, "the window did not hear of the sync");
        }
    });
    let app = handle.clone();
    // when the window has nothing else to do: the monitor asks the system bus first
    glib::idle_add_once(move || {
        gio::NetworkMonitor::default().connect_network_changed(move |_, there| {
            if there {
                let app = app.clone();
                // not on the window's thread: the profile may be busy
                std::thread::spawn(move || app.state::<App>().network_is_back());
            }
        });
    });
}
