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
        Ok(bus) => listen(bus, act).await,
        Err(error) => Err(error),
    };
    if let Err(error) = ended {
        tracing::info!(%error, "nobody tells of suspends; the clocks will");
    }
}

/// Calls `act` after each suspend; ends when this system does not tell.
#[cfg(not(target_os = "linux"))]
pub async fn after_each(_act: impl FnMut() + Send) {}

/// logind's `PrepareForSleep` is true before a suspend and false after it.
#[cfg(target_os = "linux")]
async fn listen(bus: connection::Builder<'_>, mut act: impl FnMut() + Send) -> zbus::Result<()> {
    let bus: Connection = bus.build().await?;
    let rule = MatchRule::builder()
        .msg_type(message::Type::Signal)
        .sender("org.freedesktop.login1")?
        .path("/org/freedesktop/login1")?
        .interface("org.freedesktop.login1.Manager")?
        .member("PrepareForSleep")?
        .build();
    let mut signals = MessageStream::for_match_rule(rule, &bus, None).await?;
    while let Some(signal) = signals.next().await {
        if let Ok(false) = signal?.body().deserialize::<bool>() {
            act();
        }
    }
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use tokio::sync::mpsc;

    use super::*;
    use crate::effects::vault::linux::tests::desktop::Desktop;

    #[tokio::test]
    async fn the_end_of_a_suspend_is_told_and_its_beginning_is_not() {
        let desktop = Desktop::without_keyring();
        let at = || connection::Builder::address(desktop.address().as_str()).unwrap();
        let (told, mut ends) = mpsc::unbounded_channel();
        let bus = at();
        let listening =
            tokio::spawn(async move { listen(bus, move || told.send(()).unwrap()).await });
        let logind = at().name("org.freedesktop.login1").unwrap().build().await.unwrap();
        let stranger = at().build().await.unwrap();
        // What comes before the listener is there is lost; from the first on nothing is.
        let (mut heard, mut rounds) = (0, 0);
        while rounds < 10 {
            for (from, begins) in [(&stranger, false), (&logind, true), (&logind, false)] {
                let manager = "org.freedesktop.login1.Manager";
                let path = "/org/freedesktop/login1";
                from.emit_signal(None::<&str>, path, manager, "PrepareForSleep", &begins)
                    .await
                    .unwrap();
            }
            if heard == 0 {
                heard += usize::from(ends.try_recv().is_ok());
            } else {
                rounds += 1;
            }
            tokio::task::yield_now().await;
        }
        while heard <= rounds {
            ends.recv().await.unwrap();
            heard += 1;
        }
        let mut more = 0;
        while ends.try_recv().is_ok() {
            more += 1;
        }
        assert!(more < rounds, "only logind is heard, and only at the end of a suspend: {more}");
        listening.abort();
    }
}
