//! The vault: which, whether it is open, and whether it gives back what it was given.

use birdkey_messages::words;

use super::super::Engine;
use crate::effects::vault::{ItemName, VaultError, VaultKind};
use crate::protocol::secret::Secret;
use crate::view::{Check, FindingView, Level};

/// What is stored and taken away again; no secret.
const TRIAL: &str = "stored by birdkey doctor, which removes it at once";

impl Engine {
    pub(super) async fn examine_vault(&self) -> Vec<FindingView> {
        let clock = &self.context.effects.clock;
        let began = clock.elapsed();
        let tried = self.try_vault().await;
        let took = clock.elapsed().saturating_sub(began).as_millis();
        let took = u64::try_from(took).unwrap_or(u64::MAX);
        let described = self.context.effects.vault.description();
        vec![match tried {
            Ok(()) => FindingView::ok(
                Check::Vault,
                words!("doctor.vault.open", vault = described, milliseconds = took),
            ),
            Err(error) => {
                let is_keychain =
                    self.context.vaults.kind().is_ok_and(|it| it == VaultKind::Keychain);
                let prompts = is_keychain && matches!(error, VaultError::Locked);
                let problem = self.problem(&error.into(), None);
                let finding = FindingView::from_problem(Check::Vault, Level::Problem, &problem);
                if prompts { finding.fixable() } else { finding }
            }
        }]
    }

    /// Past the choice between the two vaults, which the first thing stored would make.
    async fn try_vault(&self) -> Result<(), VaultError> {
        let vault = self.context.vaults.of_kind(self.context.vaults.kind()?)?;
        vault.ready().await?;
        let (name, value) = (ItemName::trial(), Secret::new(TRIAL.to_owned()));
        vault.write(&name, "Birdkey: trial", &value).await?;
        let back = vault.read(&name).await;
        vault.remove(&name).await?;
        if back?.is_some_and(|back| back.is_same_as(&value)) {
            Ok(())
        } else {
            Err(VaultError::Failed(Box::new(NotReadBack)))
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("it gave back something else than was stored")]
struct NotReadBack;
