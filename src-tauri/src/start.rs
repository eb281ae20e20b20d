//! What has to be right before Tauri starts, because Tauri panics over it.

use std::io::Write as _;
use std::process::ExitCode;

use birdkey::effects::deep_link::SCHEME;
use birdkey::effects::folders::Folders;
#[cfg(target_os = "linux")]
use birdkey::problem::Code;
use birdkey::problem::{About, Problem};
use birdkey::protocol::secret::Secret;
use birdkey::store::config::may_be_changed;
#[cfg(target_os = "linux")]
use birdkey_messages::words;

/// Variables by which WebKit lets a WebDriver drive the window; the desktop ring's build keeps them.
const AUTOMATION: &[&str] = if cfg!(feature = "automation") {
    &[]
} else {
    &["TAURI_AUTOMATION", "TAURI_WEBVIEW_AUTOMATION"]
};

/// How the app was started, for the first time or once more.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// Without a window, as at the start of a session.
    pub(crate) hidden: bool,
    /// A login that the command hands over, by its id.
    pub(crate) log_in: Option<String>,
    /// A link that the system hands over.
    pub(crate) link: Option<Secret>,
}

impl Arguments {
    /// Reads the arguments without the program's name; whatever else is there means nothing.
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Self {
        let mut read = Self::default();
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--hidden" => read.hidden = true,
                "--log-in" => read.log_in = arguments.next(),
                other if is_link(other) => read.link = Some(Secret::new(argument)),
                _ => {}
            }
        }
        read
    }
}

impl Arguments {
    /// The link, when the system started the app for it and for nothing else.
    pub(crate) fn only_a_link(&self) -> Option<&Secret> {
        self.link.as_ref().filter(|_| !self.hidden && self.log_in.is_none())
    }
}

/// Whether an argument is meant as a link of ours; what it is worth is found out later.
fn is_link(argument: &str) -> bool {
    let scheme = argument.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
}

/// Keeps others from driving the window or reading this process after a crash, and root from opening a
/// window in the folders of another user.
pub(crate) fn checks() -> Result<(), ExitCode> {
    birdkey::effects::process::no_core_dumps();
    restart_without_automation()?;
    not_of_another().map_err(|problem| refused(&problem))
}

/// The web view's processes would leave root's files in a folder of that user, or follow its links.
fn not_of_another() -> Result<(), Problem> {
    // Without a home there is no folder of another user either, and the start says so.
    let Ok(folders) = Folders::of_this_user() else { return Ok(()) };
    let checked =
        [&folders.config, &folders.data].into_iter().try_for_each(|it| may_be_changed(it));
    checked.map_err(|error| Problem::new(&error.into(), &About::default()))
}

/// Says why it does not start, with the exit code of it.
pub(crate) fn refused(problem: &Problem) -> ExitCode {
    tell(problem);
    ExitCode::from(problem.code.exit_code())
}

/// Writes a problem to stderr, for whoever started the app in a terminal.
pub(crate) fn tell(problem: &Problem) {
    let text = format!("error: {} {}\n\nhint: {}", problem.what, problem.why, problem.hint);
    // Nothing is left to tell when stderr is gone.
    writeln!(std::io::stderr(), "{text}").ok();
}

/// Starts this program anew without those variables, which work in release builds too, and without
/// arguments that are no text, over which plugins panic.
fn restart_without_automation() -> Result<(), ExitCode> {
    let texts = std::env::args_os().skip(1).map(std::ffi::OsString::into_string);
    let texts: Vec<_> = texts.filter_map(Result::ok).collect();
    let all_texts = texts.len() + 1 >= std::env::args_os().count();
    if all_texts && AUTOMATION.iter().all(|name| std::env::var_os(name).is_none()) {
        return Ok(());
    }
    let Ok(program) = std::env::current_exe() else { return Err(ExitCode::from(1)) };
    let mut anew = std::process::Command::new(program);
    anew.args(texts);
    for name in AUTOMATION {
        anew.env_remove(name);
    }
    Err(replaced_by(anew))
}

#[cfg(unix)]
fn replaced_by(mut program: std::process::Command) -> ExitCode {
    use std::os::unix::process::CommandExt as _;
    // Only a failure comes back from here.
    drop(program.exec());
    ExitCode::from(1)
}

#[cfg(not(unix))]
fn replaced_by(mut program: std::process::Command) -> ExitCode {
    match program.spawn() {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(1),
    }
}

/// Whether a window can be opened at all.
#[cfg(target_os = "linux")]
pub(crate) fn display() -> Result<(), Problem> {
    gtk::init().map_err(|_| {
        Problem::of(
            Code::DisplayMissing,
            words!("display_missing.what"),
            words!("display_missing.why"),
            words!("display_missing.hint"),
        )
    })
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn display() -> Result<(), Problem> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    fn read(arguments: &[&str]) -> Arguments {
        Arguments::read(arguments.iter().map(|&argument| argument.to_owned()))
    }

    #[test]
    fn arguments_are_read_in_any_order_and_others_mean_nothing() {
        let all =
            read(&["app.birdkey:/callback?a=b", "--other", "--log-in", "ab2defgh", "--hidden"]);
        assert!(all.hidden);
        assert_eq!(all.log_in.as_deref(), Some("ab2defgh"));
        assert_eq!(all.link.as_ref().unwrap().expose(), "app.birdkey:/callback?a=b");
        let none = read(&["https://x.com/", "--log-in", "app.birdkey", "file.txt"]);
        assert!(!none.hidden && none.link.is_none());
        assert_eq!(none.log_in.as_deref(), Some("app.birdkey"), "it takes what follows");
        assert!(read(&["--log-in"]).log_in.is_none());
        assert!(all.only_a_link().is_none() && none.only_a_link().is_none());
        assert!(read(&["app.birdkey:/callback"]).only_a_link().is_some());
    }
}
