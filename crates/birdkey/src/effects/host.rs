//! Which machine this is, and since when it runs: what another one noted is judged with more care.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A machine and one of its boots, each by a text that tells it from others and nothing more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// The machine; empty where the system has no name for it.
    #[serde(default)]
    pub machine: String,
    /// Its boot; empty where the system does not tell them apart.
    #[serde(default)]
    pub boot: String,
}

impl Host {
    /// This machine, in its present boot.
    pub fn this() -> Self {
        Self { machine: short(&machine()), boot: short(&boot()) }
    }
}

/// The id of the machine is not for showing around, so only a hash of it is written down.
fn short(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let digest = Sha256::digest(format!("birdkey {text}"));
    let beginning = digest.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte));
    format!("{beginning:016x}")
}

#[cfg(target_os = "linux")]
fn machine() -> String {
    let read = |path| std::fs::read_to_string(path).ok().map(|text| text.trim().to_owned());
    let id = read("/etc/machine-id").or_else(|| read("/var/lib/dbus/machine-id"));
    // A container may have neither, or share its image's; its name is its own.
    format!("{} {}", id.unwrap_or_default(), node_name())
}

#[cfg(not(target_os = "linux"))]
fn machine() -> String {
    node_name()
}

#[cfg(target_os = "linux")]
fn boot() -> String {
    let read = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    read.map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// A UUID that the kernel makes each time it starts.
#[cfg(target_os = "macos")]
fn boot() -> String {
    use sysctl::Sysctl as _;
    let session = sysctl::Ctl::new("kern.bootsessionuuid").and_then(|ctl| ctl.value_string());
    session.map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// The number of boots so far, which Windows counts for its prefetcher.
#[cfg(windows)]
fn boot() -> String {
    const PREFETCH: &str = concat!(
        r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management",
        r"\PrefetchParameters",
    );
    let key = windows_registry::LOCAL_MACHINE.open(PREFETCH);
    key.and_then(|key| key.get_u32("BootId")).map(|count| count.to_string()).unwrap_or_default()
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn boot() -> String {
    String::new()
}

#[cfg(unix)]
fn node_name() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn node_name() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Host;

    #[test]
    fn a_machine_is_the_same_at_each_look() {
        let host = Host::this();
        assert_eq!(host, Host::this());
        assert_eq!(host.machine.len(), 16, "a hash, not the id of the machine");
        // Wine keeps no count of its boots.
        if !cfg!(windows) {
            assert_eq!(host.boot.len(), 16, "and so is its boot");
        }
    }
}
