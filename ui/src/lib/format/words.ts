import type { AccountState } from "../backend/generated/AccountState";
import type { AccountView } from "../backend/generated/AccountView";
import type { AppView } from "../backend/generated/AppView";
import type { ClientTypeView } from "../backend/generated/ClientTypeView";
import type { ImportView } from "../backend/generated/ImportView";
import type { RevocationView } from "../backend/generated/RevocationView";
import type { TokenView } from "../backend/generated/TokenView";

/** How a state looks: its words, and a shape so that color is never the only sign. */
export interface StateLook {
  words: string;
  tone: "good" | "warn" | "bad" | "idle";
}

/** An account's state in words; a token that ran out while the window was open counts as expired. */
export function stateLook(
  state: AccountState,
  { expiresAtMs, refreshToken }: Pick<TokenView, "expiresAtMs" | "refreshToken">,
  nowMs: number,
): StateLook {
  switch (state) {
    case "ready":
      if (expiresAtMs === null || expiresAtMs > nowMs) return { words: "Ready", tone: "good" };
      return stateLook(refreshToken === null ? "expired" : "refreshable", { expiresAtMs, refreshToken }, nowMs);
    case "refreshable":
      return { words: "Ready, refreshed on use", tone: "good" };
    case "expired":
      return { words: "Expired", tone: "warn" };
    case "log_in_again":
      return { words: "Log in again", tone: "bad" };
    case "vault_unavailable":
      return { words: "Keychain not available", tone: "bad" };
    case "sandbox_off":
      return { words: "Sandbox not running", tone: "idle" };
  }
}

/** How an account is called in lists and headings. */
export function accountTitle(account: Pick<AccountView, "name" | "username">): string {
  return account.name ?? (account.username === null ? "Name not known yet" : `@${account.username}`);
}

/** What an import from xurl came to. */
export function importWords({ taken, known, unclear }: ImportView): string {
  if (unclear.length > 0) {
    return `${unclear.join(", ")}: both logins were kept, because the server could not be asked which one works.`;
  }
  if (taken.length === 0) return `Nothing to take over: the login of ${known.join(", ")} here works.`;
  return taken.length === 1 ? "One login taken over from xurl." : `${taken.length} logins taken over from xurl.`;
}

/** The login button of an app. */
export function logInWords(app: Pick<AppView, "provider" | "name">): string {
  switch (app.provider) {
    case "x":
      return "Log in with X";
    case "sandbox":
      return "Log in to the sandbox";
    case "custom":
      return `Log in with ${app.name}`;
  }
}

/** Where an app logs in. */
export function providerWords(app: Pick<AppView, "provider" | "host">): string {
  switch (app.provider) {
    case "x":
      return "X";
    case "sandbox":
      return "Sandbox on this machine, not X";
    case "custom":
      return app.host;
  }
}

/** An app's client type in words. */
export function clientTypeWords(clientType: ClientTypeView): string {
  switch (clientType) {
    case "public":
      return "Native App, no client secret";
    case "confidential":
      return "Confidential, with a client secret";
  }
}

/** What became of one token at the provider. */
export function revocationWords(revocation: RevocationView): string {
  switch (revocation.state) {
    case "revoked":
      return "Revoked: it no longer works anywhere.";
    case "none":
      return "There was none.";
    case "unsupported":
      return "This provider cannot revoke tokens; it stays valid until it expires.";
    case "waiting":
      return "Not revoked yet: the provider could not be reached. Birdkey tries again by itself.";
    case "failed":
      return "Not revoked: it may stay valid until it expires.";
  }
}
