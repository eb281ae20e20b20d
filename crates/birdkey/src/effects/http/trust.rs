//! What `SSL_CERT_FILE` and `SSL_CERT_DIR` name, and what is wrong with it.
//!
//! On Linux they take the place of the system's certificates, elsewhere they add to them.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// The variable that names one file.
const FILE: &str = "SSL_CERT_FILE";
/// The variable that names folders.
const FOLDERS: &str = "SSL_CERT_DIR";

/// What the environment says about certificates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedCertificates {
    /// The variables that are set.
    pub variables: Vec<&'static str>,
    /// What is wrong with the first of them that gives nothing.
    pub fault: Option<NamedFault>,
}

/// Something named by the environment that gives no certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFault {
    /// The variable that names it.
    pub variable: &'static str,
    /// What it names.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: NamedFaultKind,
}

/// What can be wrong with a file or folder of certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedFaultKind {
    /// The variable is set to nothing.
    Blank,
    /// It does not exist.
    Missing,
    /// The system does not let it be read.
    Unreadable,
    /// A folder, where a file is needed.
    Folder,
    /// A file, where a folder is needed.
    NotAFolder,
    /// It has no content.
    Empty,
    /// A certificate in the form DER.
    Der,
    /// No certificate.
    NoCertificate,
    /// Certificates that can't be used.
    Broken,
}

/// The certificates that the environment names, and what it says as a whole.
pub(super) fn named_by_environment() -> (NamedCertificates, Vec<CertificateDer<'static>>) {
    let file = env::var_os(FILE).map(PathBuf::from);
    let folders = env::var_os(FOLDERS);
    let folders = folders.map(|folders| env::split_paths(&folders).collect::<Vec<_>>());
    named_by(file.as_deref(), folders.as_deref())
}

/// The same, for these values of the two variables.
pub(super) fn named_by(
    file: Option<&Path>,
    folders: Option<&[PathBuf]>,
) -> (NamedCertificates, Vec<CertificateDer<'static>>) {
    let mut named = NamedCertificates::default();
    let mut certificates = Vec::new();
    if let Some(path) = file {
        named.variables.push(FILE);
        match in_file(path) {
            Ok(found) => certificates.extend(found),
            Err(kind) => named.add(FILE, path, kind),
        }
    }
    if let Some(folders) = folders {
        named.variables.push(FOLDERS);
        for path in folders.iter().filter(|path| !path.as_os_str().is_empty()) {
            match in_folder(path) {
                Ok(found) => certificates.extend(found),
                Err(kind) => named.add(FOLDERS, path, kind),
            }
        }
    }
    (named, certificates)
}

impl NamedCertificates {
    /// Whether they take the place of the system's certificates, on this system.
    pub const REPLACE_THE_SYSTEMS: bool = !cfg!(any(windows, target_vendor = "apple"));

    fn add(&mut self, variable: &'static str, path: &Path, kind: NamedFaultKind) {
        let path = path.to_owned();
        self.fault.get_or_insert(NamedFault { variable, path, kind });
    }
}

fn in_file(path: &Path) -> Result<Vec<CertificateDer<'static>>, NamedFaultKind> {
    if path.as_os_str().is_empty() {
        return Err(NamedFaultKind::Blank);
    }
    if path.is_dir() {
        return Err(NamedFaultKind::Folder);
    }
    let bytes = fs::read(path).map_err(|error| unread(&error))?;
    if bytes.trim_ascii().is_empty() {
        return Err(NamedFaultKind::Empty);
    }
    let found: Vec<_> = CertificateDer::pem_slice_iter(&bytes).filter_map(Result::ok).collect();
    if !found.is_empty() {
        let (usable, _) = RootCertStore::empty().add_parsable_certificates(found.iter().cloned());
        return if usable == 0 { Err(NamedFaultKind::Broken) } else { Ok(found) };
    }
    match X509Certificate::from_der(&bytes) {
        Ok(_) => Err(NamedFaultKind::Der),
        Err(_) => Err(NamedFaultKind::NoCertificate),
    }
}

/// Files that hold none are no fault: such folders have lists of revoked certificates too.
fn in_folder(path: &Path) -> Result<Vec<CertificateDer<'static>>, NamedFaultKind> {
    if path.is_file() {
        return Err(NamedFaultKind::NotAFolder);
    }
    let entries = path.read_dir().map_err(|error| unread(&error))?;
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let found: Vec<_> = paths.filter_map(|path| in_file(&path).ok()).flatten().collect();
    if found.is_empty() { Err(NamedFaultKind::NoCertificate) } else { Ok(found) }
}

fn unread(error: &io::Error) -> NamedFaultKind {
    let missing = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory];
    if missing.contains(&error.kind()) {
        NamedFaultKind::Missing
    } else {
        NamedFaultKind::Unreadable
    }
}
