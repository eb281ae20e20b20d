//! Where a process may die: before each change of a file, which a test can hold back for good.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

type GoesOn = Rc<dyn Fn() -> bool>;

thread_local! {
    static GOES_ON: RefCell<Option<GoesOn>> = const { RefCell::new(None) };
}

/// Runs a part of a process that may die, for tests: before each change that this thread makes to a
/// file, `goes_on` is asked; once it says no, every change fails and leaves everything as it was.
pub fn mortal<T>(goes_on: impl Fn() -> bool + 'static, run: impl FnOnce() -> T) -> T {
    let _before = Before(GOES_ON.replace(Some(Rc::new(goes_on))));
    run()
}

/// Put back in the end, also after a panic.
struct Before(Option<GoesOn>);

impl Drop for Before {
    fn drop(&mut self) {
        GOES_ON.set(self.0.take());
    }
}

/// One change of a file is about to be made.
pub(super) fn change() -> io::Result<()> {
    let goes_on = GOES_ON.with_borrow(Clone::clone);
    if goes_on.is_none_or(|goes_on| goes_on()) {
        return Ok(());
    }
    Err(io::Error::other("the process has died"))
}
