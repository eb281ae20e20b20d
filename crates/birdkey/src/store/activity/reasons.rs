//! Why something did not happen, in a clause.

use birdkey_messages::{Words, words};

use super::Entry;

impl Entry {
    /// The words for [`Entry::code`]; one that has none here is named by its own.
    pub fn reason(&self) -> Option<Words> {
        let code = self.code.as_deref()?;
        Some(reason(code).unwrap_or_else(|| code.replace('_', " ").into()))
    }
}

fn reason(code: &str) -> Option<Words> {
    Some(match code {
        "login_denied" => words!("activity.code.login_denied"),
        "login_timed_out" => words!("activity.code.login_timed_out"),
        "login_refused" => words!("activity.code.login_refused"),
        "code_refused" => words!("activity.code.code_refused"),
        "other_user" => words!("activity.code.other_user"),
        "ports_taken" => words!("activity.code.ports_taken"),
        "browser_not_found" => words!("activity.code.browser_not_found"),
        "redirect_uri_wrong" => words!("activity.code.redirect_uri_wrong"),
        "client_secret_missing" => words!("activity.code.client_secret_missing"),
        "client_secret_wrong" => words!("activity.code.client_secret_wrong"),
        "client_id_wrong" => words!("activity.code.client_id_wrong"),
        "app_type_wrong" => words!("activity.code.app_type_wrong"),
        "endpoints_changed" => words!("activity.code.endpoints_changed"),
        "refresh_refused" => words!("activity.code.refresh_refused"),
        "refresh_reply_lost" => words!("activity.code.refresh_reply_lost"),
        "refresh_not_stored" => words!("activity.code.refresh_not_stored"),
        "refresh_cut_off" => words!("activity.code.refresh_cut_off"),
        "refresh_unanswered" => words!("activity.code.refresh_unanswered"),
        "refresh_busy" => words!("activity.code.refresh_busy"),
        "refresh_waits" => words!("activity.code.refresh_waits"),
        "token_expired" => words!("activity.code.token_expired"),
        "scope_missing" => words!("activity.code.scope_missing"),
        "grant_missing" => words!("activity.code.grant_missing"),
        "grant_unreadable" => words!("activity.code.grant_unreadable"),
        "vault_locked" => words!("activity.code.vault_locked"),
        "vault_missing" => words!("activity.code.vault_missing"),
        "vault_no_collection" => words!("activity.code.vault_no_collection"),
        "vault_timed_out" => words!("activity.code.vault_timed_out"),
        "vault_failed" => words!("activity.code.vault_failed"),
        "vault_prompt_dismissed" => words!("activity.code.vault_prompt_dismissed"),
        "vault_prompt_unanswered" => words!("activity.code.vault_prompt_unanswered"),
        "vault_prompt_impossible" => words!("activity.code.vault_prompt_impossible"),
        "vault_files_locked" => words!("activity.code.vault_files_locked"),
        "no_connection" => words!("activity.code.no_connection"),
        "host_not_found" => words!("activity.code.host_not_found"),
        "connection_broke_off" => words!("activity.code.connection_broke_off"),
        "tls_failed" => words!("activity.code.tls_failed"),
        "request_timed_out" => words!("activity.code.request_timed_out"),
        "server_unavailable" => words!("activity.code.server_unavailable"),
        "rate_limited" => words!("activity.code.rate_limited"),
        "sandbox_not_running" => words!("activity.code.sandbox_not_running"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::reason;
    use crate::problem::Code;
    use crate::store::activity::{Entry, What};

    #[test]
    fn no_failure_is_told_by_its_code() {
        let all = Code::ALL.iter().map(|code| (code.as_str(), told(code.as_str())));
        for (code, told) in all.clone() {
            assert!(!told.contains(['_', '.']), "{code}: {told}");
        }
        let worded = all.filter(|(code, _)| reason(code).is_some());
        assert_eq!(worded.count(), 41, "each that has words here is a code");
    }

    fn told(code: &str) -> String {
        let entry = Entry {
            at_ms: 0,
            what: What::Failure,
            account_id: None,
            account: None,
            program: None,
            pid: None,
            count: 1,
            code: Some(code.to_owned()),
        };
        entry.reason().unwrap().in_english()
    }
}
