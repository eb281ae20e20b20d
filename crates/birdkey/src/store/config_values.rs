//! Values of `config.toml` that are more than their type.

use std::time::Duration;

use serde_spanned::Spanned;

use crate::model::language::LanguageSetting;

/// The values a number may have.
pub(super) type Range = std::ops::RangeInclusive<u64>;

/// Where a value is, and what is wrong with it.
pub(super) type Broken = (std::ops::Range<usize>, &'static str);

/// A number of seconds within its range, or the usual time where none is given.
pub(super) fn seconds(
    given: Option<&Spanned<u64>>,
    range: Range,
    usual: Duration,
    reason: &'static str,
) -> Result<Duration, Broken> {
    match given {
        Some(seconds) if !range.contains(seconds.get_ref()) => Err((seconds.span(), reason)),
        Some(seconds) => Ok(Duration::from_secs(*seconds.get_ref())),
        None => Ok(usual),
    }
}

/// A language by its name, or the system's where none is named.
pub(super) fn language(given: Option<&Spanned<String>>) -> Result<LanguageSetting, Broken> {
    let Some(name) = given else { return Ok(LanguageSetting::default()) };
    let named = LanguageSetting::ALL.into_iter().find(|one| one.as_str() == name.get_ref());
    named.ok_or((name.span(), "language takes system, en, de or pseudo"))
}
