//! The end of a suspend, as the system tells it. Where nobody does, the clocks show it: the wall
//! clock is ahead of the other then.

#[cfg(target_os = "linux")]
use futures_util::StreamExt as _;
#[cfg(target_os = "linux")]
use zbus::{Connection, MatchRule, MessageStream, connection, message};

/// Calls `act` after each suspend; ends when this system does not tell.
#[cfg(target_os = "linux")]
pub async fn after_each(act: impl FnMut() + Send) {
    let bus = connection::Builder::system();
    let ended = match bus {
        Ok(bus) => listen(bus, || {}, act).await,
        Err(error) => Err(error),
    };
    if let Err(error) = ended {
        tracing::info!(%error, "nobody tells of suspends; the clocks will");
    }
}

/// Calls `act` after each suspend; ends when this system does not tell.
#[cfg(not(target_os = "linux"))]
#[expect(clippy::unused_async, reason = "the one of Linux waits")]
pub async fn after_each(_act: impl FnMut() + Send) {}

/// logind's `PrepareForSleep` is true before a suspend and false after it. Calls `begun` once it listens.
#[cfg(target_os = "linux")]
async fn listen(
    bus: connection::Builder<'_>,
    begun: impl FnOnce() + Send,
    mut act: impl FnMut() + Send,
) -> zbus::Result<()> {
    let bus: Connection = bus.build().await?;
    let rule = MatchRule::builder()
        .msg_type(message::Type::Signal)
        .sender("org.freedesktop.login1")?
        .path("/org/freedesktop/login1")?
        .interface("org.freedesktop.login1.Manager")?
        .member("PrepareForSleep")?
        .build();
    let mut signals = MessageStream::for_match_rule(rule, &bus, None).await?;
    begun();
    while let Some(signal) = signals.next().await {
        if let Ok(false) = signal?.body().deserialize::<bool>() {
            act();
        }
    }
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use tokio::sync::{mpsc, oneshot};

    use super::*;
    use crate::effects::vault::linux::tests::desktop::Desktop;

    #[tokio::test]
    async fn the_end_of_a_suspend_is_told_and_its_beginning_is_not() {
        let desktop = Desktop::without_keyring();
        let at = || connection::Builder::address(desktop.address().as_str()).unwrap();
        let (told, mut ends) = mpsc::unbounded_channel();
        let (begun, begins) = oneshot::channel();
        let bus = at();
        let listening = tokio::spawn(async move {
            listen(bus, || begun.send(()).unwrap(), move || told.send(()).unwrap()).await
        });
        let logind = at().name("org.freedesktop.login1").unwrap().build().await.unwrap();
        let stranger = at().build().await.unwrap();
        begins.await.unwrap();
        for _ in 0..10 {
            for (from, begins) in [(&stranger, false), (&logind, true), (&logind, false)] {
                let manager = "org.freedesktop.login1.Manager";
                let path = "/org/freedesktop/login1";
                let signal = "PrepareForSleep";
                from.emit_signal(None::<&str>, path, manager, signal, &begins).await.unwrap();
            }
            ends.recv().await.unwrap();
        }
        assert!(ends.try_recv().is_err(), "only logind is heard, and only at the end of a suspend");
        listening.abort();
    }
}
