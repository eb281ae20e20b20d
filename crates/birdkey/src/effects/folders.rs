//! Where configuration and data lie on this machine.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

/// The two folders of one user, or of one test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folders {
    /// Holds `config.toml`.
    pub config: PathBuf,
    /// Holds everything else but the grants.
    pub data: PathBuf,
    /// Where `data` lies by convention, in this environment and in a plain one of this user: there the
    /// keychain service has its plain name.
    pub usual_data: Vec<PathBuf>,
    /// The user's home, where other programs keep theirs.
    pub home: PathBuf,
}

/// No folder can be named: neither set nor found by the platform's convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no home folder")]
pub struct NoHome;

impl Folders {
    /// The folders by `BIRDKEY_CONFIG_DIR` and `BIRDKEY_DATA_DIR`, else by platform convention.
    ///
    /// # Errors
    ///
    /// [`NoHome`] when one is not set and the user has no home folder.
    pub fn of_this_user() -> Result<Self, NoHome> {
        let named = |name| env::var_os(name).filter(|value: &OsString| !value.is_empty());
        let platform = ProjectDirs::from("app", "", "birdkey");
        let config = match named("BIRDKEY_CONFIG_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => platform.as_ref().ok_or(NoHome)?.config_dir().to_owned(),
        };
        let usual = platform.as_ref().map(|dirs| dirs.data_local_dir().to_owned());
        let data = match named("BIRDKEY_DATA_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => usual.clone().ok_or(NoHome)?,
        };
        let (config, data) = (absolute(&config), absolute(&data));
        let home = BaseDirs::new().map(|dirs| dirs.home_dir().to_owned()).unwrap_or_default();
        // The terminal of an editor from snap or flatpak moves the folders of the platform, but not
        // the keychain.
        let plain = cfg!(target_os = "linux").then(|| home.join(".local/share/birdkey"));
        Ok(Self { config, data, usual_data: usual.into_iter().chain(plain).collect(), home })
    }

    /// The data folder of a plain environment of this user.
    pub fn plain_data(&self) -> PathBuf {
        self.usual_data.last().cloned().unwrap_or_else(|| self.data.clone())
    }

    /// The configuration folder of a plain environment of this user.
    pub fn plain_config(&self) -> PathBuf {
        if cfg!(target_os = "linux") {
            self.home.join(".config/birdkey")
        } else {
            self.config.clone()
        }
    }

    /// Both folders below `root`, for tests.
    pub fn below(root: &Path) -> Self {
        Self {
            config: root.join("config"),
            data: root.join("data"),
            usual_data: Vec::new(),
            home: root.join("home"),
        }
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
