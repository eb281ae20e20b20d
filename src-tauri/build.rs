//! Declares the commands of the window, so that a capability has to name each one it may call.

use std::process::ExitCode;

fn main() -> ExitCode {
    let commands = tauri_build::AppManifest::new().commands(&[
        "subscribe",
        "add_x_app",
        "check_client_id",
        "take_client_secret",
        "remove_app",
        "try_sandbox",
        "log_in",
        "log_in_again",
        "cancel_login",
        "open_login_again",
        "copy_login_link",
        "dismiss_login",
        "copy_access_token",
        "refresh",
        "make_default",
        "import_xurl",
        "log_out",
        "logouts_read",
        "start_sandbox",
        "remove_sandbox",
        "unlock_vault",
        "look_again",
        "copy_text",
        "set_keep_fresh",
        "set_notify",
        "set_theme",
        "set_clipboard_seconds",
        "set_language",
        "set_start_at_login",
        "test_deep_link",
        "use_deep_link",
        "open_console",
        "open_log",
        "quit",
        "restart",
        "change_app",
        "check_app",
        "browsers",
        "open_login_in",
        "examine",
        "mend",
        "copy_report",
        "activity",
        "watch_activity",
        "leave_activity",
        "send_request",
        "answer_lines",
        "copy_answer",
    ]);
    match tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error=the Tauri configuration is not usable: {error:#}");
            ExitCode::FAILURE
        }
    }
}
