//! A folder of the same user that another program uses, and the line that makes this terminal use it.

use std::path::{Path, PathBuf};

use super::grant::Home;

/// Another folder of this user that holds grants in the same keychain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    home: Home,
    /// The plain data folder of this user, whatever the environment says.
    plain: PathBuf,
    /// The configuration folder here.
    config_here: PathBuf,
}

impl Elsewhere {
    /// The folder that a grant says it belongs to, beside those of this process.
    pub(crate) fn new(home: Home, plain: PathBuf, config_here: PathBuf) -> Self {
        Self { home, plain, config_here }
    }

    /// The data folder, for a person.
    pub fn folder(&self) -> String {
        self.home.data.display().to_string()
    }

    /// The line of a shell that makes commands in this terminal use that folder.
    pub fn line(&self) -> String {
        let Home { data, config } = &self.home;
        let by_platform = data != &self.plain && data.ends_with("birdkey");
        let (names, data, config) = match (data.parent(), config.parent()) {
            // Only there the keychain service has its plain name for such a folder.
            (Some(data), Some(config)) if by_platform => {
                (["XDG_DATA_HOME", "XDG_CONFIG_HOME"], data, config)
            }
            _ => (["BIRDKEY_DATA_DIR", "BIRDKEY_CONFIG_DIR"], data.as_path(), config.as_path()),
        };
        let [data_name, config_name] = names;
        let line = format!("export {data_name}={}", quoted(data));
        if self.home.config == self.config_here {
            return line;
        }
        format!("{line} {config_name}={}", quoted(config))
    }
}

/// As a shell reads it back.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~+/=:@,".contains(c);
    if path.chars().all(plain) { path } else { format!("'{}'", path.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elsewhere(data: &str, config: &str) -> Elsewhere {
        Elsewhere {
            home: Home { data: data.into(), config: config.into() },
            plain: "/home/ada/.local/share/birdkey".into(),
            config_here: "/snap/code/config/birdkey".into(),
        }
    }

    #[test]
    fn the_line_names_the_folders_as_a_shell_reads_them() {
        let table = [
            (
                elsewhere("/home/ada/.local/share/birdkey", "/home/ada/.config/birdkey"),
                "export BIRDKEY_DATA_DIR=/home/ada/.local/share/birdkey BIRDKEY_CONFIG_DIR=/home/ada/.config/birdkey",
            ),
            (
                elsewhere("/home/ada/.local/share/birdkey", "/snap/code/config/birdkey"),
                "export BIRDKEY_DATA_DIR=/home/ada/.local/share/birdkey",
            ),
            (
                elsewhere("/snap/it's/share/birdkey", "/snap/it's/config/birdkey"),
                r"export XDG_DATA_HOME='/snap/it'\''s/share' XDG_CONFIG_HOME='/snap/it'\''s/config'",
            ),
        ];
        for (elsewhere, expected) in table {
            assert_eq!(elsewhere.line(), expected);
        }
    }
}
