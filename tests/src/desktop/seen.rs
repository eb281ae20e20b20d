//! What other programs of this machine could see of a process.

/// The arguments of every process of this machine, one text each.
pub fn arguments_of_all() -> Vec<String> {
    of_all("cmdline")
}

/// The environment that every process we may look at was started with, one text each.
pub fn environments_of_all() -> Vec<String> {
    of_all("environ")
}

fn of_all(file: &str) -> Vec<String> {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    processes
        .flatten()
        .filter_map(|process| std::fs::read(process.path().join(file)).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).replace('\0', " "))
        .collect()
}
