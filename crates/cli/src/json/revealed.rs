//! A secret that is printed because the command is there to print it.

use serde::Serialize;

/// A secret as text. Only a field of this type holds one, and a test lists those fields.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct Revealed<'a>(pub(crate) &'a str);
