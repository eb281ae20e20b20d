//! Runs commands as processes of their own, on one thread and in virtual time.

use std::sync::Arc;
use std::time::Duration;

use birdkey::effects::BoxFuture;
use birdkey::effects::files::mortal;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

use crate::clock::Time;
use crate::fuse::Fuse;

/// No command may take longer; a login alone may wait 5 minutes for the user.
const LONGEST: Duration = Duration::from_mins(15);

/// A process: a runtime of its own, which dies with all its tasks.
struct Process<T> {
    runtime: Runtime,
    task: JoinHandle<T>,
    fuse: Arc<Fuse>,
}

/// How a command ended.
#[derive(Debug)]
pub enum End<T> {
    Done(T),
    Killed,
    Panicked(String),
    /// It waits for something that never comes, or for too long.
    Hung,
}

/// Runs all commands at the same time until each has ended; `limit` is added to the usual one.
pub fn run<T: Send + 'static>(
    time: &Time,
    limit: Duration,
    commands: Vec<(BoxFuture<'static, T>, Arc<Fuse>)>,
) -> Vec<End<T>> {
    let until = time.elapsed() + LONGEST + limit;
    let mut running: Vec<_> = commands.into_iter().map(|it| Some(start(it))).collect();
    let mut ends: Vec<Option<End<T>>> = running.iter().map(|_| None).collect();
    let mut idle = 0;
    while running.iter().any(Option::is_some) {
        let mut busy = false;
        for (slot, end) in running.iter_mut().zip(&mut ends) {
            let Some(process) = slot.take() else { continue };
            let before = process.fuse.activity();
            // One round of everything that can go on.
            let fuse = Arc::clone(&process.fuse);
            mortal(move || fuse.goes_on(), || process.runtime.block_on(tokio::task::yield_now()));
            busy |= process.fuse.activity() != before;
            match ended(process) {
                Ok(how) => {
                    busy = true;
                    *end = Some(how);
                }
                Err(process) => *slot = Some(process),
            }
        }
        idle = if busy { 0 } else { idle + 1 };
        if idle > 1 && running.iter().any(Option::is_some) {
            idle = 0;
            if !time.advance_to_next() || time.elapsed() > until {
                hang_up(&mut running, &mut ends);
            }
        }
    }
    ends.into_iter().map(Option::unwrap).collect()
}

fn start<T: Send + 'static>((command, fuse): (BoxFuture<'static, T>, Arc<Fuse>)) -> Process<T> {
    let runtime = Builder::new_current_thread().build().unwrap();
    let task = runtime.spawn(command);
    Process { runtime, task, fuse }
}

/// How a process ended, or the process, which goes on.
fn ended<T>(process: Process<T>) -> Result<End<T>, Process<T>> {
    if process.fuse.is_burnt() {
        // A killed process does not tidy up.
        mortal(|| false, || drop(process));
        return Ok(End::Killed);
    }
    if !process.task.is_finished() {
        return Err(process);
    }
    let Process { runtime, task, .. } = process;
    Ok(match runtime.block_on(task) {
        Ok(value) => End::Done(value),
        Err(error) => End::Panicked(error.to_string()),
    })
}

fn hang_up<T>(running: &mut [Option<Process<T>>], ends: &mut [Option<End<T>>]) {
    for (slot, end) in running.iter_mut().zip(ends) {
        if slot.take().is_some() {
            *end = Some(End::Hung);
        }
    }
}
