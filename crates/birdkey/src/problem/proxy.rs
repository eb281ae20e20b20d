//! Words for failures at a proxy. It is named without its user name and password.

use birdkey_messages::{Words, words};

use super::{Code, Problem};
use crate::effects::http::{ProxyFault, ProxyName, ProxyOrigin};

/// The proxy wants a user name and password, or others than it was given.
pub(super) fn authentication(proxy: &ProxyName) -> Problem {
    let (address, setting) = (&proxy.address, setting(proxy));
    if proxy.with_login {
        problem!(
            Code::ProxyAuthentication,
            "proxy_login_refused",
            proxy = address,
            setting = setting
        )
    } else {
        problem!(
            Code::ProxyAuthentication,
            "proxy_authentication",
            proxy = address,
            setting = setting
        )
    }
}

/// What went wrong at the proxy, and what to do.
pub(super) fn fault(fault: ProxyFault, proxy: &ProxyName, host: &str) -> (Words, Words) {
    let address = &proxy.address;
    let check_it = || words!("proxy.check.hint", setting = setting(proxy));
    match fault {
        ProxyFault::NotFound => (words!("proxy.not_found", proxy = address), check_it()),
        ProxyFault::Refused => (words!("proxy.refused", proxy = address), check_it()),
        ProxyFault::NoRoute => (words!("proxy.no_route", proxy = address), check_it()),
        ProxyFault::Unreached => (words!("proxy.unreached", proxy = address), check_it()),
        ProxyFault::HungUp => (words!("proxy.hung_up", proxy = address), check_it()),
        ProxyFault::NotAProxy => (words!("proxy.not_a_proxy", proxy = address), check_it()),
        ProxyFault::Unusable => (words!("proxy.unusable"), check_it()),
        ProxyFault::Socks => (
            words!("proxy.socks", proxy = address, host = host),
            words!("proxy.socks.hint", host = host),
        ),
        ProxyFault::Status(status) => {
            let why = words!("proxy.status", proxy = address, status = status, host = host);
            (why, status_fix(status, proxy, host))
        }
    }
}

fn status_fix(status: u16, proxy: &ProxyName, host: &str) -> Words {
    match status {
        401 | 403 | 451 => words!("proxy.forbidden.hint", host = host),
        // 501: what answers knows no CONNECT, like most web servers.
        429 | 500 | 502..=599 => words!("proxy.later.hint", host = host),
        _ => words!("proxy.no_tunnel.hint", setting = setting(proxy)),
    }
}

/// Where the proxy's address is set.
pub(super) fn setting(proxy: &ProxyName) -> Words {
    match proxy.origin {
        ProxyOrigin::Variable(variable) => variable.into(),
        ProxyOrigin::System => words!("proxy.setting.system"),
        ProxyOrigin::Given => words!("proxy.setting.given"),
    }
}
