//! `sandbox.json`: apps and grants that outlive the sandbox, as hashes only.

use std::cell::Cell;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::registration::App;
use crate::rules::Grant;
use crate::whole_file::replace;

const RECORD_FILE: &str = "sandbox.json";
const ADDRESS_FILE: &str = "sandbox.address";
const LOCK_FILE: &str = "sandbox.lock";
/// The format this version writes and the only one it reads.
const VERSION: u32 = 1;

/// Why the sandbox's folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another sandbox writes there.
    #[error("another sandbox uses this folder{}", at(address.as_ref()))]
    InUse {
        /// Where it listens, if it said so.
        address: Option<String>,
    },
    /// The file is no valid record; it is left as it is.
    #[error("{} is broken at line {line}, column {column}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// Counted from 1; 0 when unknown.
        line: usize,
        /// Counted from 1; 0 when unknown.
        column: usize,
    },
    /// The file comes from another version; it is left as it is.
    #[error("{} has version {found}, this sandbox reads version {VERSION}", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version it names.
        found: u32,
    },
    /// The operating system refused.
    #[error("could not use {}: {cause}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

fn at(address: Option<&String>) -> String {
    address.map_or_else(String::new, |address| format!(" and listens at {address}"))
}

/// What `sandbox.json` holds; never a secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Record {
    version: u32,
    port: Option<u16>,
    pub(crate) apps: Vec<App>,
    pub(crate) grants: Vec<Grant>,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// The sandbox's folder, held by one writer at a time.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    record: Record,
    port: Cell<Option<u16>>,
    /// Whether the file holds the record, so that an equal one needs no writing.
    written: bool,
    /// Unlocks when dropped.
    _lock: File,
}

impl Store {
    /// Takes the folder, which is made if need be, and reads what is there.
    ///
    /// # Errors
    ///
    /// [`StoreError::InUse`] when another sandbox has it, [`StoreError::Broken`] or
    /// [`StoreError::Version`] when the file cannot be read, which is left alone then, and
    /// [`StoreError::Io`] when the operating system refuses.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        private_folder(folder).map_err(refused(folder))?;
        let lock = lock(folder)?;
        let record = read_record(&folder.join(RECORD_FILE))?;
        // An address of an earlier run would send a second start astray.
        let address = folder.join(ADDRESS_FILE);
        remove(&address).map_err(refused(&address))?;
        let port = Cell::new(record.port);
        Ok(Self { folder: folder.to_owned(), record, port, written: false, _lock: lock })
    }

    /// The port of the last run.
    pub fn preferred_port(&self) -> Option<u16> {
        self.port.get()
    }

    /// Tells a second start where this sandbox listens, and keeps the port for the next run.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] when the operating system refuses.
    pub fn announce(&self, address: &str) -> Result<(), StoreError> {
        self.write(ADDRESS_FILE, address.as_bytes())?;
        self.port.set(port(address));
        self.write_record()
    }

    /// Deletes the sandbox's files, and the folder if nothing else is in it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] when the operating system refuses.
    pub fn remove(self) -> Result<(), StoreError> {
        let Self { folder, _lock: lock, .. } = self;
        for name in [RECORD_FILE, ADDRESS_FILE] {
            let path = folder.join(name);
            remove(&path).map_err(refused(&path))?;
        }
        // Windows does not free the name of an open file on every file system. Elsewhere the lock is held
        // to the end, so that no other sandbox takes a file that is about to go.
        let _held = cfg!(not(windows)).then_some(lock);
        let path = folder.join(LOCK_FILE);
        remove(&path).map_err(refused(&path))?;
        match fs::remove_dir(&folder) {
            Err(cause) if cause.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
            other => other.map_err(refused(&folder)),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    pub(crate) fn save(&mut self, apps: &[App], grants: &[Grant]) -> Result<(), StoreError> {
        if self.written && self.record.apps == apps && self.record.grants == grants {
            return Ok(());
        }
        self.record.apps = apps.to_vec();
        self.record.grants = grants.to_vec();
        self.written = false;
        self.write_record()?;
        self.written = true;
        Ok(())
    }

    fn write_record(&self) -> Result<(), StoreError> {
        let record = Record { port: self.port.get(), ..self.record.clone() };
        let path = self.folder.join(RECORD_FILE);
        let refused = refused(&path);
        let json = serde_json::to_vec_pretty(&record).map_err(|cause| refused(cause.into()))?;
        self.write(RECORD_FILE, &json)
    }

    /// Replaces a file as a whole: a crash leaves the old one or the new one.
    fn write(&self, name: &str, content: &[u8]) -> Result<(), StoreError> {
        let path = self.folder.join(name);
        let written = private_folder(&self.folder).and_then(|()| replace(&path, content));
        written.map_err(refused(&path))
    }
}

fn port(address: &str) -> Option<u16> {
    let end = address.trim_end_matches('/').rsplit(':').next()?;
    end.parse().ok()
}

fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(LOCK_FILE);
    let file = private_file(&path).map_err(refused(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let address = fs::read_to_string(folder.join(ADDRESS_FILE)).ok();
            Err(StoreError::InUse { address: address.filter(|address| !address.is_empty()) })
        }
        Err(TryLockError::Error(cause)) => Err(StoreError::Io { path, cause }),
    }
}

fn read_record(path: &Path) -> Result<Record, StoreError> {
    let json = match fs::read(path) {
        Ok(json) => json,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            let (apps, grants) = (Vec::new(), Vec::new());
            return Ok(Record { version: VERSION, port: None, apps, grants });
        }
        Err(cause) => {
            return Err(StoreError::Io { path: path.to_owned(), cause });
        }
    };
    let broken = |error: serde_json::Error| StoreError::Broken {
        path: path.to_owned(),
        line: error.line(),
        column: error.column(),
    };
    let found = serde_json::from_slice::<Versioned>(&json).map_err(broken)?.version;
    if found != VERSION {
        return Err(StoreError::Version { path: path.to_owned(), found });
    }
    serde_json::from_slice(&json).map_err(broken)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => Err(cause),
        _ => Ok(()),
    }
}

fn refused(path: &Path) -> impl Fn(io::Error) -> StoreError + use<> {
    let path = path.to_owned();
    move |cause| StoreError::Io { path: path.clone(), cause }
}

/// Makes the folder readable by its owner only; one that exists stays as it is.
fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
