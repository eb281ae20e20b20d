//! A secret from a file or from standard input; never from the command line, where every program
//! could see it.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use birdkey::problem::{About, Problem};
use birdkey::protocol::secret::Secret;

use crate::output::Ending;

/// Most of a file that is read, in bytes.
const MAX_BYTES: u64 = 4_096;

/// Reads a file, or standard input for `-`; `None` when it is not text.
pub(crate) fn read(file: &Path) -> Result<Option<Secret>, Ending> {
    let mut bytes = Vec::new();
    let read = if file.as_os_str() == "-" {
        io::stdin().lock().take(MAX_BYTES).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|file| file.take(MAX_BYTES).read_to_end(&mut bytes))
    };
    if let Err(source) = read {
        let path = file.to_owned();
        let action = birdkey::effects::files::FileAction::Read;
        let error = birdkey::effects::files::FileError { path, action, source };
        return Err(Problem::new(&error.into(), &About::default()).into());
    }
    Ok(Secret::from_utf8(bytes))
}
