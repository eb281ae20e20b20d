//! The stable names of failures, and the exit code of each.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The exit codes of the command; also the grouping of the names below.
macro_rules! codes {
    ($($(#[$group:meta])* $exit:literal: [$($name:ident = $text:literal),+ $(,)?]),+ $(,)?) => {
        /// A stable name for a failure, in `snake_case` on the outside.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
        #[ts(export, rename_all = "snake_case")]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the name is the description; the words are in Problem")]
        pub enum Code {
            $($($name),+),+
        }

        impl Code {
            /// Every code, for tests and documents.
            pub const ALL: &'static [Self] = &[$($(Self::$name),+),+];

            /// The exit code of the command for it.
            pub fn exit_code(self) -> u8 {
                match self {
                    $($(Self::$name)|+ => $exit),+
                }
            }

            /// The name as it is written.
            pub fn as_str(self) -> &'static str {
                match self {
                    $($(Self::$name => $text),+),+
                }
            }
        }
    };
}

codes! {
    1: [NoRandomness = "no_randomness"],
    3: [
        ConfigBroken = "config_broken",
        FormatNewer = "format_newer",
        FileUnusable = "file_unusable",
        AccountsBroken = "accounts_broken",
        NoHome = "no_home",
        AppNone = "app_none",
        AppUnknown = "app_unknown",
        AppAmbiguous = "app_ambiguous",
        ClientIdEmpty = "client_id_empty",
        ClientIdWhiteSpace = "client_id_white_space",
        ClientIdIsApiKey = "client_id_is_api_key",
        ClientIdIsAppNumber = "client_id_is_app_number",
        ClientIdIsToken = "client_id_is_token",
        ClientIdOddCharacters = "client_id_odd_characters",
        ClientIdInUse = "client_id_in_use",
        AddressInvalid = "address_invalid",
        RedirectUriInvalid = "redirect_uri_invalid",
        RedirectUriShared = "redirect_uri_shared",
        AppNotConfidential = "app_not_confidential",
        ClipboardUnusable = "clipboard_unusable",
        ClientSecretInvalid = "client_secret_invalid",
        ClientSecretMissing = "client_secret_missing",
        ClientSecretWrong = "client_secret_wrong",
        ClientIdWrong = "client_id_wrong",
        AppTypeWrong = "app_type_wrong",
        RedirectUriWrong = "redirect_uri_wrong",
        EndpointsChanged = "endpoints_changed",
        NoLoopbackRedirect = "no_loopback_redirect",
        ApiNotSent = "api_not_sent",
        DeepLinkUnusable = "deep_link_unusable",
        PortsTaken = "ports_taken",
        ListenRefused = "listen_refused",
        DisplayMissing = "display_missing",
        BrowserNotFound = "browser_not_found",
        BrowserFailed = "browser_failed",
        XurlUnreadable = "xurl_unreadable",
        XurlMissing = "xurl_missing",
        XurlEmpty = "xurl_empty",
        XurlOtherServer = "xurl_other_server",
        XurlClientIdMissing = "xurl_client_id_missing",
        GrantElsewhere = "grant_elsewhere",
    ],
    4: [
        AccountNone = "account_none",
        AccountUnknown = "account_unknown",
        AccountAmbiguous = "account_ambiguous",
        AccountElsewhere = "account_elsewhere",
        LoginElsewhere = "login_elsewhere",
        OtherUser = "other_user",
        UserUnconfirmed = "user_unconfirmed",
        LoginGone = "login_gone",
        ApiUnauthorized = "api_unauthorized",
        ScopeMissing = "scope_missing",
        TokenExpired = "token_expired",
        GrantMissing = "grant_missing",
        GrantUnreadable = "grant_unreadable",
        RefreshRefused = "refresh_refused",
        RefreshReplyLost = "refresh_reply_lost",
        RefreshNotStored = "refresh_not_stored",
    ],
    5: [
        LoginDenied = "login_denied",
        LoginCancelled = "login_cancelled",
        LoginRefused = "login_refused",
        LoginRunning = "login_running",
        CallbackDoubled = "callback_doubled",
        CallbackNotText = "callback_not_text",
        CallbackWithoutCode = "callback_without_code",
        IssuerMismatch = "issuer_mismatch",
        CodeRefused = "code_refused",
        VerifierRefused = "verifier_refused",
        GrantRefused = "grant_refused",
        RequestRefused = "request_refused",
        ApiRefused = "api_refused",
    ],
    6: [
        HostNotFound = "host_not_found",
        NoConnection = "no_connection",
        SandboxNotRunning = "sandbox_not_running",
        SandboxPortTaken = "sandbox_port_taken",
        SandboxBroken = "sandbox_broken",
        ProxyAuthentication = "proxy_authentication",
        TlsFailed = "tls_failed",
        NoCertificates = "no_certificates",
        RequestTimedOut = "request_timed_out",
        ConnectionBrokeOff = "connection_broke_off",
        AnswerTooLarge = "answer_too_large",
        AnswerNotText = "answer_not_text",
        AnswerNotJson = "answer_not_json",
        AnswerCutOff = "answer_cut_off",
        AnswerWithoutToken = "answer_without_token",
        TokenUnusable = "token_unusable",
        TokenTypeUnknown = "token_type_unknown",
        RateLimited = "rate_limited",
        ServerUnavailable = "server_unavailable",
        ServerRedirects = "server_redirects",
        AddressRefused = "address_refused",
        ProfileUnauthorized = "profile_unauthorized",
        ProfileNoCredits = "profile_no_credits",
        ProfileNotEnrolled = "profile_not_enrolled",
        ProfileForbidden = "profile_forbidden",
        ProfileRateLimited = "profile_rate_limited",
        ProfileSlow = "profile_slow",
        ProfileUnavailable = "profile_unavailable",
        ProfileNotOffered = "profile_not_offered",
        LifetimeMissing = "lifetime_missing",
        LifetimeInvalid = "lifetime_invalid",
        RefreshBusy = "refresh_busy",
        RefreshCutOff = "refresh_cut_off",
        RefreshUnanswered = "refresh_unanswered",
        ScopesLost = "scopes_lost",
        NewerTokensMayLive = "newer_tokens_may_live",
        OlderTokensLive = "older_tokens_live",
        LoginCutOff = "login_cut_off",
        LoginOvertaken = "login_overtaken",
        LogoutHeldBack = "logout_held_back",
        AccountRenewed = "account_renewed",
    ],
    7: [
        VaultLocked = "vault_locked",
        VaultMissing = "vault_missing",
        VaultNoCollection = "vault_no_collection",
        VaultTimedOut = "vault_timed_out",
        VaultPromptDismissed = "vault_prompt_dismissed",
        VaultPromptUnanswered = "vault_prompt_unanswered",
        VaultPromptImpossible = "vault_prompt_impossible",
        VaultItemTooLarge = "vault_item_too_large",
        VaultItemNotText = "vault_item_not_text",
        VaultNotSetUp = "vault_not_set_up",
        VaultPassphraseWrong = "vault_passphrase_wrong",
        VaultPassphraseShort = "vault_passphrase_short",
        VaultFilesLocked = "vault_files_locked",
        VaultIdentityMissing = "vault_identity_missing",
        VaultIdentityUnusable = "vault_identity_unusable",
        VaultIdentityOther = "vault_identity_other",
        VaultDamaged = "vault_damaged",
        VaultFileUnusable = "vault_file_unusable",
        VaultChanged = "vault_changed",
        VaultUnchosen = "vault_unchosen",
        RefreshWaits = "refresh_waits",
        VaultFailed = "vault_failed",
    ],
    8: [LoginTimedOut = "login_timed_out", AppSilent = "app_silent"],
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn the_written_name_is_the_serialized_one() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
