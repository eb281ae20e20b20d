//! The tray icon: one menu that tells the View. Linux sends no click on the icon, so everything is in
//! the menu.
//!
//! Texts are set in place and entries added or removed one by one, so that a menu that is open is
//! never replaced under the pointer. All of it is touched on the main thread only.

mod act;
mod entries;
#[cfg(target_os = "linux")]
mod host;
mod state;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use birdkey_messages::{Language, words};
use jiff::tz::TimeZone;
use tauri::image::Image;
use tauri::tray::{TrayIcon, TrayIconBuilder};
use tauri::{AppHandle, Manager as _, Wry};

use crate::shell::Shell;
use crate::window;
use entries::Entries;
use state::{Shape, TrayState};

/// The name of the icon on the bus.
const ID: &str = "birdkey";

/// The icon, once it is made.
#[derive(Default)]
pub(crate) struct Tray(Mutex<Option<Shown>>);

struct Shown {
    icon: TrayIcon<Wry>,
    entries: Entries,
    told: Option<TrayState>,
}

impl Tray {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Shown>> {
        // Whole at any time, so a panicked holder harms nothing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the icon, on the main thread, and keeps it true; without its library there is none.
pub(crate) fn start(app: &AppHandle) {
    match quietly(|| shown(app)) {
        Some(Ok(shown)) => *app.state::<Tray>().lock() = Some(shown),
        Some(Err(error)) => tracing::warn!(%error, "there is no tray icon"),
        None => tracing::warn!("there is no tray icon: its library is missing"),
    }
    if app.state::<Tray>().lock().is_none() {
        let app = app.clone();
        tauri::async_runtime::spawn(async move { is_missing(&app) });
        return;
    }
    tell(app);
    tauri::async_runtime::spawn(follow(app.clone()));
    #[cfg(target_os = "linux")]
    tauri::async_runtime::spawn(host::watch(app.clone()));
    #[cfg(not(target_os = "linux"))]
    set_hosted(app, true);
}

/// Notes whether there is a place on this desktop that shows icons.
fn set_hosted(app: &AppHandle, hosted: bool) {
    let is_there = hosted && app.state::<Tray>().lock().is_some();
    app.state::<Shell>().has_tray.store(is_there, Ordering::SeqCst);
}

/// Nobody can reach the app by an icon: it has a window, which closing minimizes.
fn is_missing(app: &AppHandle) {
    window::keep_reachable(app);
}

/// The crate of the icon panics where its library is missing; that is no reason to end.
fn quietly<T>(act: impl FnOnce() -> T) -> Option<T> {
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let done = catch_unwind(AssertUnwindSafe(act));
    std::panic::set_hook(hook);
    done.ok()
}

/// Makes the entries anew in another language; a menu is replaced under the pointer for that alone.
fn spoken(app: &AppHandle, shown: &mut Shown, language: Language) -> tauri::Result<()> {
    if shown.entries.language() == language {
        return Ok(());
    }
    let entries = Entries::new(app, language)?;
    shown.icon.set_menu(Some(entries.menu().clone()))?;
    shown.entries = entries;
    Ok(())
}

fn shown(app: &AppHandle) -> tauri::Result<Shown> {
    let entries = Entries::new(app, Language::current())?;
    let folder = app.state::<Shell>().engine.folders().data.join("tray");
    let icon = TrayIconBuilder::with_id(ID)
        .menu(entries.menu())
        .icon(image(Shape::Nobody)?)
        .icon_as_template(cfg!(target_os = "macos"))
        .tooltip("Birdkey")
        .temp_dir_path(folder)
        .on_menu_event(act::on_menu_event)
        .build(app)?;
    Ok(Shown { icon, entries, told: None })
}

fn image(shape: Shape) -> tauri::Result<Image<'static>> {
    Image::from_bytes(match shape {
        Shape::Ready => include_bytes!("../../icons/tray-ready.png"),
        Shape::Attention => include_bytes!("../../icons/tray-attention.png"),
        Shape::Offline => include_bytes!("../../icons/tray-offline.png"),
        Shape::Nobody => include_bytes!("../../icons/tray-nobody.png"),
    })
}

/// Tells every change of the View.
async fn follow(app: AppHandle) {
    let engine = Arc::clone(&app.state::<Shell>().engine);
    let mut changes = engine.changes();
    loop {
        let teller = app.clone();
        if app.run_on_main_thread(move || tell(&teller)).is_err()
            || changes.changed().await.is_err()
        {
            return;
        }
    }
}

/// On the main thread.
fn tell(app: &AppHandle) {
    let shell = app.state::<Shell>();
    let state = TrayState::of(&shell.engine.view(), &TimeZone::system(), Language::current());
    let tray = app.state::<Tray>();
    let mut tray = tray.lock();
    let Some(shown) = tray.as_mut() else { return };
    if shown.told.as_ref() == Some(&state) {
        return;
    }
    let changed_shape = shown.told.as_ref().is_none_or(|told| told.shape != state.shape);
    let told = spoken(app, shown, state.language).and_then(|()| {
        shown.entries.tell(app, &state)?;
        if changed_shape {
            shown.icon.set_icon(Some(image(state.shape)?))?;
        }
        let tooltip = words!("tray.told", headline = &state.headline);
        shown.icon.set_tooltip(Some(tooltip.in_language(state.language)))
    });
    if let Err(error) = told {
        tracing::warn!(%error, "the tray does not tell the newest");
    }
    shown.told = Some(state);
}
