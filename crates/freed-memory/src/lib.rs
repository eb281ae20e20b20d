//! Gives freed memory back to the system where the C library would keep it: glibc. Empty elsewhere.
//!
//! What a window of WebKit took is freed when it closes, but in pieces, and glibc keeps their pages for
//! the process. `malloc_trim` hands over every page that holds nothing
//! (<https://man7.org/linux/man-pages/man3/malloc_trim.3.html>). No well-kept crate wraps it, so the call
//! is made here, in a crate of its own, because the rest of the workspace forbids unsafe code.

/// Hands pages that hold nothing back to the system; whether there were any. It looks at all of the
/// heap, during which others that allocate wait: milliseconds, so not for where it is busy.
pub fn give_back() -> bool {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    return glibc::malloc_trim(0) == 1;
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    return false;
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod glibc {
    use std::ffi::c_int;

    // SAFETY: that is how malloc.h declares it. It takes no pointer, leaves what is allocated as it is,
    // and may be called by any thread at any time.
    unsafe extern "C" {
        pub(super) safe fn malloc_trim(pad: usize) -> c_int;
    }
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    use std::fs;

    use super::give_back;

    /// What this process has in memory, in pages.
    fn resident() -> u64 {
        let pages = fs::read_to_string("/proc/self/statm").unwrap_or_default();
        pages.split(' ').nth(1).and_then(|number| number.parse().ok()).unwrap_or_default()
    }

    #[test]
    fn pieces_that_were_freed_are_given_back_though_one_among_them_is_still_in_use() {
        let mut pieces: Vec<Vec<u8>> = (0..20_000).map(|_| vec![1; 1_024]).collect();
        // The last one keeps the heap from shrinking by itself.
        let last = pieces.pop();
        drop(pieces);
        let before = resident();
        assert!(give_back());
        assert!(resident() + 2_000 < before, "{before} pages, then {}", resident());
        assert_eq!(last.map(|piece| piece.len()), Some(1_024));
    }
}
