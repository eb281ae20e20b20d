//! What is going on now, in this process alone.

use std::collections::HashMap;

use super::live_login::LiveLogin;
use crate::model::elsewhere::Elsewhere;
use crate::view::present::GrantNote;
use crate::view::{DesktopView, LoginView, SandboxView, XurlView};

/// What is known besides the files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Live {
    /// The login in progress or just ended.
    pub(crate) login: Option<LoginView>,
    /// What can be done with it.
    pub(crate) login_handle: Option<LiveLogin>,
    /// The sandbox.
    pub(crate) sandbox: SandboxView,
    /// What was wrong with the grant of an account when the vault was last asked.
    pub(crate) vault_notes: HashMap<String, GrantNote>,
    /// Another folder of this user that holds grants, when last looked.
    pub(crate) elsewhere: Option<Elsewhere>,
    /// The apps whose login was held up once because of such a folder.
    pub(crate) warned_of_elsewhere: Vec<String>,
    /// The accounts whose logout left tokens alive, which this process has not shown yet.
    pub(crate) unconfirmed_logouts: Vec<String>,
    /// What xurl holds, when last looked.
    pub(crate) xurl: Option<XurlView>,
    /// The desktop app, in it.
    pub(crate) desktop: Option<DesktopView>,
}
