//! A Tauri app that does nothing but open and close a window, as told on stdin: `open`, `close`.
//!
//! What is measured beside it is Birdkey's own share.

use std::io::BufRead as _;
use std::process::ExitCode;

use tauri::{AppHandle, Manager as _, RunEvent, WebviewUrl, WebviewWindowBuilder};

fn main() -> ExitCode {
    let hidden = std::env::args().any(|argument| argument == "--hidden");
    let built = tauri::Builder::default()
        .setup(move |app| {
            if !hidden {
                open(app.handle())?;
            }
            let app = app.handle().clone();
            std::thread::spawn(move || obey(&app));
            Ok(())
        })
        .build(tauri::generate_context!());
    let Ok(app) = built else { return ExitCode::FAILURE };
    app.run(|_, event| {
        if let RunEvent::ExitRequested { api, code: None, .. } = event {
            api.prevent_exit();
        }
    });
    ExitCode::SUCCESS
}

fn open(app: &AppHandle) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
        .title("Bare")
        .inner_size(900.0, 640.0)
        .incognito(true)
        .build()?;
    Ok(())
}

/// Until stdin ends, and the app with it.
fn obey(app: &AppHandle) {
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let done = match line.as_str() {
            "open" => open(app),
            "close" => app.get_webview_window("main").map_or(Ok(()), |window| window.close()),
            _ => Ok(()),
        };
        if done.is_err() {
            break;
        }
    }
    app.exit(0);
}
