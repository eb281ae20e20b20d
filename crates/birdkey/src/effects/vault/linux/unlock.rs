//! The one place that raises the unlock prompt.

use futures_util::StreamExt as _;
use zbus::fdo::DBusProxy;
use zbus::names::{BusName, WellKnownName};
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue};
use zbus::{Connection, Proxy};

use super::fault::Fault;
use super::{SecretService, UNLOCK_LIMIT};
use crate::effects::clock::within;
use crate::effects::vault::VaultError;
use crate::effects::vault::keychain::{Asking, Cancelled};

const DESTINATION: &str = "org.freedesktop.secrets";
const SERVICE_PATH: &str = "/org/freedesktop/secrets";
const SERVICE: &str = "org.freedesktop.Secret.Service";
const PROMPT: &str = "org.freedesktop.Secret.Prompt";

/// The name of gnome-keyring, and of the program that shows its prompts.
const GNOME_KEYRING: &str = "org.gnome.keyring";
const GNOME_PROMPTER: &str = "org.gnome.keyring.SystemPrompter";

/// Stands for "no prompt needed" and "no such collection".
const NOTHING: &str = "/";

/// Unlocks the default collection and whatever else holds items of `service`.
///
/// The connection is its own: calls of other accounts go on while the prompt is open. When the user takes longer than
/// [`UNLOCK_LIMIT`] or nobody waits any more, the prompt is taken away. `asking` is called once the user is asked.
///
/// # Errors
///
/// [`VaultError::PromptUnanswered`] after the limit, and [`VaultError::PromptImpossible`] in place of
/// [`VaultError::PromptDismissed`] where the prompt ended because it could not be shown.
pub(super) async fn unlock(
    secrets: &SecretService,
    service: &str,
    cancelled: Cancelled,
    asking: Asking<'_>,
) -> Result<(), VaultError> {
    let (clock, limit) = (&*secrets.clock, secrets.limit);
    let asked = within(clock, limit, async {
        let connection = secrets.bus.connect().await?;
        let prompt = ask(&connection, service).await.map_err(Fault::into_cause)?;
        Ok((connection, prompt))
    });
    let (connection, prompt) = asked.await.unwrap_or(Err(VaultError::TimedOut))?;
    if prompt.as_str() == NOTHING {
        return Ok(());
    }
    let prompt = proxy(&connection, &prompt, PROMPT).await.map_err(|error| cause(error.into()))?;
    let outcome = tokio::select! {
        biased;
        _ = cancelled => {
            dismiss(secrets, &prompt).await;
            return Err(VaultError::PromptDismissed);
        }
        outcome = within(clock, UNLOCK_LIMIT, run(&prompt, asking)) => {
            outcome.unwrap_or(Err(VaultError::PromptUnanswered { waited: UNLOCK_LIMIT }))
        }
    };
    if outcome.is_err() {
        dismiss(secrets, &prompt).await;
    }
    match outcome {
        Err(VaultError::PromptDismissed) if !can_prompt(secrets, &connection).await => {
            Err(VaultError::PromptImpossible)
        }
        outcome => outcome,
    }
}

/// Whether a prompt of the keychain could have been seen. gnome-keyring calls one dismissed that its prompter never
/// showed, so the prompter is started once more; of other keychains a display is the only sign.
async fn can_prompt(secrets: &SecretService, connection: &Connection) -> bool {
    let tried = async {
        let bus = DBusProxy::new(connection).await?;
        let name = BusName::from(WellKnownName::from_static_str_unchecked(GNOME_KEYRING));
        if !bus.name_has_owner(name).await? {
            return Ok(secrets.display);
        }
        let prompter = WellKnownName::from_static_str_unchecked(GNOME_PROMPTER);
        bus.start_service_by_name(prompter, 0).await.map(|_| true)
    };
    match within(&*secrets.clock, secrets.limit, tried).await {
        Ok(Ok(can)) => can,
        Ok(Err(error)) => {
            tracing::debug!(%error, "the program that shows prompts could not be started");
            false
        }
        Err(_) => secrets.display,
    }
}

/// Says what is to be unlocked; the answer is the prompt that has to be run for it.
async fn ask(connection: &Connection, service: &str) -> Result<OwnedObjectPath, Fault> {
    let secrets = proxy(connection, SERVICE_PATH, SERVICE).await?;
    let mine = std::collections::HashMap::from([("service", service)]);
    let (_, mut locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
        secrets.call("SearchItems", &(mine,)).await?;
    let default: OwnedObjectPath = secrets.call("ReadAlias", &("default",)).await?;
    if default.as_str() != NOTHING {
        locked.push(default);
    } else if locked.is_empty() {
        return Err(Fault::Answered(VaultError::NoDefaultCollection));
    }
    let (_, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
        secrets.call("Unlock", &(locked,)).await?;
    Ok(prompt)
}

/// Shows the prompt and waits for the user, or for the end of the keychain.
async fn run(prompt: &Proxy<'_>, asking: Asking<'_>) -> Result<(), VaultError> {
    let failed = |error: zbus::Error| cause(error.into());
    let mut completed = prompt.receive_signal("Completed").await.map_err(failed)?;
    let mut owner = prompt.receive_owner_changed().await.map_err(failed)?;
    let () = prompt.call("Prompt", &("",)).await.map_err(failed)?;
    asking(UNLOCK_LIMIT);
    loop {
        tokio::select! {
            signal = completed.next() => {
                let signal = signal.ok_or(VaultError::Missing)?;
                let (dismissed, _): (bool, OwnedValue) =
                    signal.body().deserialize().map_err(failed)?;
                return if dismissed { Err(VaultError::PromptDismissed) } else { Ok(()) };
            }
            // The first thing this stream may tell is who owns the name now.
            change = owner.next() => if change.flatten().is_none() {
                return Err(VaultError::Missing);
            }
        }
    }
}

async fn dismiss(secrets: &SecretService, prompt: &Proxy<'_>) {
    let dismissal = prompt.call::<_, _, ()>("Dismiss", &());
    match within(&*secrets.clock, secrets.limit, dismissal).await {
        Ok(Ok(())) => {}
        // A prompt that is over is gone from the bus.
        Ok(Err(error)) => tracing::debug!(%error, "the unlock prompt was gone already"),
        Err(_) => tracing::debug!("the keychain did not take the unlock prompt away in time"),
    }
}

async fn proxy<'a>(
    connection: &Connection,
    path: &'a str,
    interface: &'a str,
) -> zbus::Result<Proxy<'a>> {
    Proxy::new(connection, DESTINATION, ObjectPath::try_from(path)?, interface).await
}

fn cause(fault: Fault) -> VaultError {
    fault.into_cause()
}
