//! The name under which the keychain knows this installation.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The service name of the default data folder.
const SERVICE: &str = "Birdkey";

/// Names the keychain service that belongs to a data folder: `Birdkey` for a usual folder, `Birdkey (1a2b3c4d)`
/// for any other, so that a second installation or a test never touches a person's grants.
///
/// All paths are absolute. The eight hex digits are the first of the SHA-256 of `data_dir`; a slash at its end
/// changes nothing.
pub fn service_name(data_dir: &Path, usual: &[PathBuf]) -> String {
    if usual.iter().any(|usual| data_dir == usual) {
        return SERVICE.to_owned();
    }
    let path: PathBuf = data_dir.components().collect();
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    let [a, b, c, d, ..] = digest.0;
    format!("{SERVICE} ({a:02x}{b:02x}{c:02x}{d:02x})")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::service_name;

    fn name(data_dir: &str) -> String {
        let usual = ["/home/ada/.local/share/birdkey", "/home/ada/snap/code/birdkey"];
        service_name(Path::new(data_dir), &usual.map(Into::into))
    }

    // The digits differ elsewhere, because paths are written differently there.
    #[cfg(unix)]
    #[test]
    fn every_data_folder_has_its_own_service_name() {
        // Digits: `printf /tmp/elsewhere | sha256sum`.
        for (data_dir, expected) in [
            ("/home/ada/.local/share/birdkey", "Birdkey"),
            ("/home/ada/.local/share/birdkey/", "Birdkey"),
            ("/home/ada/snap/code/birdkey", "Birdkey"),
            ("/tmp/elsewhere", "Birdkey (963e6772)"),
            ("/tmp/elsewhere/", "Birdkey (963e6772)"),
        ] {
            assert_eq!(name(data_dir), expected, "{data_dir}");
        }
    }

    #[test]
    fn two_folders_have_two_names_and_a_slash_at_the_end_changes_none() {
        assert_ne!(name("/tmp/a"), name("/tmp/b"));
        assert_eq!(name("/tmp/a"), name("/tmp/a/"));
    }
}
