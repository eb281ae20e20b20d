//! Puts the app together, and runs it until it is quit.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use birdkey::Engine;
use birdkey::effects::deep_link::REDIRECT_URI;
use birdkey::effects::files::FileLock;
use birdkey::effects::folders::Folders;
use birdkey::effects::resume;
use birdkey::effects::vault::service_name;
use birdkey::problem::{About, Problem};
use tauri::async_runtime::spawn;
use tauri::{App, AppHandle, Manager as _};

use crate::notices::Notified;
use crate::request::LastAnswer;
#[cfg(target_os = "linux")]
use crate::second_start;
use crate::shell::{KEPT, Shell};
use crate::start::Arguments;
use crate::tray::Tray;
use crate::window::Start;
use crate::{
    commands, language, links, log, logins, notices, quit, settings, start, tray, upgrade, watch,
    window,
};

/// What the app is called on the bus.
const IDENTIFIER: &str = "app.birdkey.desktop";
/// Putting the app together takes a few of these.
const TOGETHER_SOON: Duration = Duration::from_millis(10);

/// Hands over to the app that runs, or runs the app until it is quit.
pub(crate) fn run(arguments: Arguments) -> ExitCode {
    let folders = match Folders::of_this_user() {
        Ok(folders) => folders,
        Err(error) => return start::refused(&Problem::new(&error.into(), &About::default())),
    };
    language::start(&folders.config);
    #[cfg(target_os = "linux")]
    if let Some(link) = arguments.only_a_link() {
        return links::pass_on(link, &bus_name(&folders), &folders);
    }
    #[cfg(target_os = "linux")]
    let (turn, running) = match second_start::start(&bus_name(&folders), &folders.data) {
        Ok(second_start::Start::First { turn, running }) => (turn, running),
        Ok(second_start::Start::HandedOver) => return ExitCode::SUCCESS,
        Err(problem) => return start::refused(&problem),
    };
    #[cfg(not(target_os = "linux"))]
    let running = None;
    if let Err(problem) = start::display() {
        return start::refused(&problem);
    }
    let data = folders.data.clone();
    let built = build(folders, arguments, running);
    // Its name is on the bus now.
    #[cfg(target_os = "linux")]
    drop(turn);
    match built {
        Ok(app) => {
            app.run(|app, event| quit::on_event(app, &event));
            ExitCode::SUCCESS
        }
        Err(error) => {
            log::start(&data);
            tracing::error!(%error, "the window could not be opened");
            ExitCode::from(1)
        }
    }
}

fn build(folders: Folders, arguments: Arguments, running: Option<FileLock>) -> tauri::Result<App> {
    // First of all: a second start hands its arguments over and ends, before anything begins, the
    // log included, which only the app that runs may begin.
    let single = tauri_plugin_single_instance::Builder::new()
        .callback(|app, arguments, _folder| again(app, arguments))
        .dbus_id(bus_name(&folders))
        .build();
    let builder = tauri::Builder::default().plugin(single);
    #[cfg(not(target_os = "linux"))]
    let builder = builder.plugin(tauri_plugin_autostart::init(
        tauri_plugin_autostart::MacosLauncher::LaunchAgent,
        Some(vec!["--hidden"]),
    ));
    builder
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_window_state::Builder::new().with_state_flags(KEPT).build())
        .invoke_handler(commands::all())
        .on_window_event(window::on_event)
        .setup(move |app| Ok(set_up(app, folders, arguments, running)?))
        .build(tauri::generate_context!())
}

/// One app for each data folder, as each has its own accounts.
fn bus_name(folders: &Folders) -> String {
    let service = service_name(&folders.data, &folders.usual_data);
    match service.split_once('(') {
        Some((_, digits)) => format!("{IDENTIFIER}.at-{}", digits.trim_end_matches(')')),
        None => IDENTIFIER.to_owned(),
    }
}

/// A second start brings the window of the first to the front and hands its arguments over; a link
/// and a login of the command bring no window.
fn again(app: &AppHandle, arguments: Vec<String>) {
    let arguments = Arguments::read(arguments.into_iter().skip(1));
    let app = app.clone();
    spawn(async move {
        // A start that comes while this one is still being put together waits for that.
        while app.try_state::<Shell>().is_none() {
            tokio::time::sleep(TOGETHER_SOON).await;
        }
        if !arguments.hidden && arguments.link.is_none() && arguments.log_in.is_none() {
            window::show(&app);
        }
        follow(&app, arguments).await;
    });
}

/// Does what the arguments ask for beyond a window.
async fn follow(app: &AppHandle, arguments: Arguments) {
    if let Some(link) = arguments.link {
        links::arrive(app.clone(), link).await;
    }
    if let Some(id) = arguments.log_in {
        logins::begin_for_command(app, &id);
    }
}

fn shell(app: &AppHandle, folders: Folders, running: Option<FileLock>) -> Shell {
    let links = links::receiver();
    let engine = Arc::new(Engine::of_this_app(folders, "birdkey-desktop", Arc::clone(&links)));
    engine.change_desktop(|desktop| {
        desktop.version = app.package_info().version.to_string();
        REDIRECT_URI.clone_into(&mut desktop.deep_link_uri);
        language::show(desktop, engine.language_setting());
    });
    let watchers = [watch::start(&engine), upgrade::watch(app)];
    Shell::new(engine, links, watchers, running)
}

fn set_up(
    app: &App,
    folders: Folders,
    arguments: Arguments,
    running: Option<FileLock>,
) -> tauri::Result<()> {
    log::start(&folders.data);
    let handle = app.handle().clone();
    app.manage(shell(&handle, folders, running));
    app.manage(Notified::default());
    app.manage(LastAnswer::default());
    app.manage(Tray::default());
    tray::start(&handle);
    if !arguments.hidden && arguments.link.is_none() {
        window::open(&handle, Start::Shown)?;
    }
    #[cfg(target_os = "macos")]
    links::receive(&handle);
    let engine = Arc::clone(&app.state::<Shell>().engine);
    spawn(look_after_each_suspend(Arc::clone(&engine)));
    spawn(language::follow(Arc::clone(&engine)));
    spawn(notices::of_each_view(handle.clone()));
    #[cfg(unix)]
    spawn(quit::when_told(handle.clone()));
    spawn(links::register_if_needed(handle.clone()));
    let starter = handle.clone();
    spawn(async move {
        settings::show_start_at_login(&starter);
        follow(&starter, arguments).await;
    });
    spawn(async move {
        handle.state::<Shell>().sandbox.resume().await;
        engine.look_again().await;
        engine.keep_fresh().await;
    });
    Ok(())
}

/// Timers stood still meanwhile; what is shown and what is due has to be computed again.
async fn look_after_each_suspend(engine: Arc<Engine>) {
    resume::after_each(move || engine.touch()).await;
}
