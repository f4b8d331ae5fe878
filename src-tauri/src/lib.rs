//! The shell: the window, the device's own services and the commands. It holds no rules of the trade.

mod commands;
mod display;
mod news;
mod window;

use doorstep_app::App;
use doorstep_app::device::ThisDevice;
use tauri::Manager;

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
        .invoke_handler(tauri::generate_handler![
            commands::boot,
            commands::start_demo,
            commands::start_real,
            commands::start_enrolled,
            commands::enrol,
            commands::sync_panel,
            commands::sync_now,
            commands::visit_parts,
            commands::desk,
            commands::desk_day,
            commands::desk_submission,
            commands::judge,
            commands::approve_unflagged,
            commands::desk_export,
            commands::assess_home,
            commands::assess_begin,
            commands::assessment,
            commands::assess_act,
            commands::assess_sign,
            commands::assess_sheet,
            commands::save_assess_sheet,
            commands::print_assess_sheet,
            commands::staff_cards,
            commands::staff_card,
            commands::record_penalty,
            commands::award_stars,
            commands::desk_earlier,
            commands::desk_ticket_missing,
            commands::desk_ticket,
            commands::fetch_picture,
            commands::unlock,
            commands::leave_demo,
            commands::save_settings,
            commands::change_pin,
            commands::today,
            commands::order_detail,
            commands::reveal_phone,
            commands::open_visit,
            commands::visit,
            commands::act,
            commands::customer_sign,
            commands::consent_sign,
            commands::gear,
            commands::record_gear,
            commands::pack_changes,
            commands::move_pack,
            commands::pack_shelf,
            commands::preview,
            commands::read_draft,
            commands::technician_sign,
            commands::check_kit,
            commands::check_kit_late,
            commands::end_handover,
            commands::import_preview,
            commands::import_commit,
            commands::new_temporary_order,
            commands::ticket,
            commands::save_ticket,
            commands::print_ticket,
            commands::place,
            commands::remember_place,
            commands::storage_status,
            commands::issues,
            commands::plans,
            commands::issue_draft,
            commands::raise_issue,
            commands::act_on_issue,
            commands::make_plan,
            commands::act_on_plan,
            commands::follow_phone,
            commands::photo,
            commands::add_photo,
        ])
        .build(tauri::generate_context!("tauri.conf.json"))?;
    let root = app.path().app_data_dir()?;
    let documents = app
        .path()
        .document_dir()
        .or_else(|_| app.path().home_dir())?;
    app.manage(App::new(root, Box::new(ThisDevice::new(documents))));
    // the profile opens while the webview starts; the page asks again and hears of any trouble
    let handle = app.handle().clone();
    std::thread::spawn(move || drop(handle.state::<App>().open_profile()));
    news::listen(app.handle());
    // made here and not by the configuration: there a failure is a panic, here it is a value
    window::open(&app)?;
    app.run(|_, _| {});
    Ok(())
}
