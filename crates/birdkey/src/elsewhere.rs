//! Grants in the keychain that this data folder has no account for: another folder of the same user
//! shares it, as in the terminal of an editor from snap or flatpak, where `XDG_DATA_HOME` is another.

use std::path::{Path, PathBuf};

use crate::app::App;
use crate::effects::vault::ItemName;
use crate::failure::Failure;
use crate::grant::{Grant, Home};
use crate::login;
use crate::store::accounts;
use crate::world::World;

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

/// Another folder that holds grants in this keychain, of `app` alone when one is given.
///
/// # Errors
///
/// [`Failure`] when list or keychain can't be read.
pub(crate) async fn find(world: &World, app: Option<&App>) -> Result<Option<Elsewhere>, Failure> {
    let list = accounts::read(&world.folders.data)?;
    let noted = login::noted(&world.folders.data);
    let is_ours =
        |id: &str| list.find(id).is_some() || noted.iter().any(|note| note.account_id == id);
    for name in world.effects.vault.list().await? {
        let Some((_, account_id)) = name.as_grant() else { continue };
        if is_ours(account_id) {
            continue;
        }
        if let Some(found) = read(world, &name, app).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

async fn read(
    world: &World,
    name: &ItemName,
    app: Option<&App>,
) -> Result<Option<Elsewhere>, Failure> {
    let Some(item) = world.effects.vault.read(name).await? else { return Ok(None) };
    let Ok(grant) = Grant::from_item(&item) else { return Ok(None) };
    let same_app = |app: &App| {
        let token = app.provider.endpoints().ok().map(|endpoints| endpoints.token.origin());
        grant.binding.client_id == app.client_id
            && token.as_deref() == Some(grant.binding.token_origin.as_str())
    };
    if !app.is_none_or(same_app) {
        return Ok(None);
    }
    let plain = world.folders.plain_data();
    // One that does not say where it belongs is taken for that of the plain folder.
    let home = grant
        .home
        .unwrap_or_else(|| Home { data: plain.clone(), config: world.folders.plain_config() });
    // What this very folder wrote and no longer lists is no other folder's.
    if home.data == world.folders.data {
        return Ok(None);
    }
    Ok(Some(Elsewhere { home, plain, config_here: world.folders.config.clone() }))
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
