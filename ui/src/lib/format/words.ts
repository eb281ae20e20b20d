import type { AccountState } from "../backend/generated/AccountState";
import type { AccountView } from "../backend/generated/AccountView";
import type { AppView } from "../backend/generated/AppView";
import type { ClientTypeView } from "../backend/generated/ClientTypeView";
import type { ImportView } from "../backend/generated/ImportView";
import type { RevocationView } from "../backend/generated/RevocationView";
import type { TokenView } from "../backend/generated/TokenView";
import { clockWasSetBack } from "./time";
import { t } from "../language/language.svelte";

/** How a state looks: its words, and a shape so that color is never the only sign. */
export interface StateLook {
  words: string;
  tone: "good" | "warn" | "bad" | "idle";
}

/** An account's state in words; a token that ran out while the window was open counts as expired. */
export function stateLook(
  state: AccountState,
  token: Pick<TokenView, "expiresAtMs" | "obtainedAtMs" | "refreshToken">,
  nowMs: number,
): StateLook {
  switch (state) {
    case "ready":
      if (!isOver(token, nowMs)) return { words: t("frame.state.ready"), tone: "good" };
      return stateLook(token.refreshToken === null ? "expired" : "refreshable", token, nowMs);
    case "refreshable":
      return { words: t("frame.state.refreshable"), tone: "good" };
    case "expired":
      return { words: t("frame.state.expired"), tone: "warn" };
    case "log_in_again":
      return { words: t("frame.state.log_in_again"), tone: "bad" };
    case "vault_unavailable":
      return { words: t("frame.state.vault_unavailable"), tone: "bad" };
    case "sandbox_off":
      return { words: t("frame.state.sandbox_off"), tone: "idle" };
    case "blocked":
      return { words: t("frame.state.blocked"), tone: "bad" };
  }
}

/** Whether a token ran out, or can't be told not to have. */
export const isOver = (token: Pick<TokenView, "expiresAtMs" | "obtainedAtMs">, nowMs: number): boolean =>
  token.expiresAtMs !== null && (token.expiresAtMs <= nowMs || clockWasSetBack(token, nowMs));

/** How an account is called in lists and headings. */
export function accountTitle(account: Pick<AccountView, "name" | "username">): string {
  return account.name ?? (account.username === null ? t("frame.name_unknown") : `@${account.username}`);
}

/** The same with the username beside the name, where both are known. */
export function accountInFull(account: Pick<AccountView, "name" | "username">): string {
  const { name, username } = account;
  return name === null || username === null ? accountTitle(account) : `${name} (@${username})`;
}

/** What an import from xurl came to. */
export function importWords({ taken, known, unclear }: ImportView): string {
  if (unclear.length > 0) {
    return t("frame.import.unclear", { users: unclear.join(", ") });
  }
  if (taken.length === 0) return t("frame.import.known", { users: known.join(", ") });
  return t("frame.import.taken", { count: taken.length });
}

/** The login button of an app. */
export function logInWords(app: Pick<AppView, "provider" | "name">): string {
  switch (app.provider) {
    case "x":
      return t("login.with", { name: "X" });
    case "sandbox":
      return t("login.sandbox");
    case "custom":
      return t("login.with", { name: app.name });
  }
}

/** Where an app logs in. */
export function providerWords(app: Pick<AppView, "provider" | "host">): string {
  switch (app.provider) {
    case "x":
      return "X";
    case "sandbox":
      return t("frame.provider.sandbox");
    case "custom":
      return app.host;
  }
}

/** An app's client type in words. */
export function clientTypeWords(clientType: ClientTypeView): string {
  switch (clientType) {
    case "public":
      return t("frame.client.public");
    case "confidential":
      return t("frame.client.confidential");
  }
}

/** What became of one token at the provider. */
export function revocationWords(revocation: RevocationView): string {
  switch (revocation.state) {
    case "revoked":
      return t("frame.revoked");
    case "none":
      return t("frame.revoked.none");
    case "unsupported":
      return t("frame.revoked.unsupported");
    case "waiting":
      return t("frame.revoked.waiting");
    case "failed":
      return t("frame.revoked.failed");
  }
}

/** How a command names an account: `@username` where that is enough, else its id, which never changes. */
export function calledByCommand(
  { id, username }: Pick<AccountView, "id" | "username">,
  all: Pick<AccountView, "username">[],
): string {
  const plain = username !== null && /^\w+$/.test(username);
  const alone = all.filter((other) => other.username === username).length === 1;
  return plain && alone ? `@${username}` : id;
}
