import type { AccountView } from "./generated/AccountView";
import type { AppView } from "./generated/AppView";
import type { DesktopView } from "./generated/DesktopView";
import type { LoginView } from "./generated/LoginView";
import type { Problem } from "./generated/Problem";
import type { View } from "./generated/View";
import {
  accountElsewhere,
  accountRenewed,
  locksUnusable,
  loginCutOff,
  loginElsewhere,
  logoutHeldBack,
} from "./fake-problems";

const MINUTE_MS = 60_000;

export const problem: Problem = {
  code: "client_secret_wrong",
  what: "X refused the client ID and secret of this app.",
  why: "X answered “Missing valid authorization header”: the secret is wrong, or the app is a Native App.",
  hint: "Compare the app’s type in X’s console, then set the client secret again.",
};

export const xApp: AppView = {
  id: "a1",
  name: "Newsroom",
  provider: "x",
  clientId: "Rk1uZXdzcm9vbS1leGFtcGxlOjE6Y2k",
  clientType: "public",
  redirectUris: [
    "http://127.0.0.1:8731/callback",
    "http://127.0.0.1:18731/callback",
    "http://127.0.0.1:28731/callback",
  ],
  takesLinks: false,
  scopes: ["tweet.read", "users.read", "offline.access"],
  host: "x.com",
  problem: null,
};

export const sandboxApp: AppView = {
  ...xApp,
  id: "s1",
  name: "Sandbox",
  provider: "sandbox",
  clientId: "sandbox-birdkey",
  redirectUris: ["http://127.0.0.1:8731/callback/sandbox"],
  host: "127.0.0.1:8730",
};

export const customApp: AppView = {
  ...xApp,
  id: "c1",
  name: "Work login",
  provider: "custom",
  clientType: "confidential",
  host: "login.example.org",
};

/** An account whose token was obtained half an hour before `nowMs`. */
export function exampleAccount(nowMs = Date.now()): AccountView {
  const obtainedAtMs = nowMs - 30 * MINUTE_MS;
  return {
    id: "u1",
    isDefault: false,
    appId: "a1",
    appName: "Newsroom",
    userId: "2244994945",
    name: "Ada Sample",
    username: "ada_sample",
    state: "ready",
    problem: null,
    token: {
      tokenType: "bearer",
      expiresInSeconds: 7200,
      obtainedAtMs,
      expiresAtMs: obtainedAtMs + 120 * MINUTE_MS,
      scope: "users.read tweet.read offline.access",
      fingerprint: "3f9a1c07be52d864",
      nextRefreshAtMs: obtainedAtMs + 118 * MINUTE_MS,
      accessToken: "•••••••• (91 characters)",
      refreshToken: "•••••••• (91 characters)",
    },
    scopesRequested: ["tweet.read", "users.read", "offline.access"],
    scopesGranted: ["users.read", "tweet.read", "offline.access"],
  };
}

export function exampleLogin(nowMs = Date.now()): LoginView {
  return {
    appId: "a1",
    appName: "Newsroom",
    stage: "waiting",
    redirectUri: "http://127.0.0.1:8731/callback",
    clientId: xApp.clientId,
    deadlineMs: nowMs + 5 * MINUTE_MS,
    nothingCameBack: false,
    browserProblem: null,
    problem: null,
    accountId: null,
    wantedAccountId: null,
    notRenewed: null,
    remarks: [],
  };
}

export const desktop: DesktopView = {
  version: "0.1.0",
  language: "en",
  languageSetting: "system",
  deepLinkUri: "app.birdkey:/callback",
  deepLink: "untested",
  deepLinkProblem: null,
  startsAtLogin: false,
  newerInstalled: false,
};

export const emptyView: View = {
  revision: 1,
  apps: [],
  accounts: [],
  waitingLogouts: [],
  notices: [],
  login: null,
  sandbox: { setUp: false, address: null, problem: null },
  xurl: null,
  desktop,
  keepsFresh: true,
  notifies: true,
  theme: "system",
  clipboardSeconds: 60,
  offline: false,
  problem: null,
  vault: "Secret Service, service Birdkey",
  xRedirectUris: xApp.redirectUris,
  defaultScopes: xApp.scopes,
};

const xurl = {
  path: "/home/ada/.xurl/auth.yml",
  users: ["@ada_sample", "@grace"],
  clientIds: [xApp.clientId],
};
const withApp: View = { ...emptyView, apps: [xApp] };
const running = { setUp: true, address: "http://127.0.0.1:8730", problem: null };
const off = { setUp: true, address: null, problem: null };

function withAccount(change: Partial<AccountView>): View {
  return { ...withApp, accounts: [{ ...exampleAccount(), ...change }] };
}

function withLogin(change: Partial<LoginView>): View {
  return { ...withApp, login: { ...exampleLogin(), ...change } };
}

const locked: Problem = {
  code: "vault_locked",
  what: "The keychain is locked.",
  why: "Birdkey asks for its password only when you tell it to.",
  hint: "Unlock the keychain.",
};
const dead: Problem = {
  code: "grant_refused",
  what: "X ended this login.",
  why: "The refresh token was refused, which happens after a login elsewhere with the same app.",
  hint: "Log in again.",
};
const nameUnknown: Problem = {
  code: "profile_not_enrolled",
  what: "X did not tell the name of this account.",
  why: "X answered 403 “client-not-enrolled”: the app is not in a paid package yet. The token itself works.",
  hint: "In X’s console, move the app to the Pay-per-use package and the Production environment.",
};
const brokenConfig: Problem = {
  code: "config_broken",
  what: "The file config.toml cannot be read.",
  why: "Line 7, column 12: expected a quoted text.",
  hint: "Correct that line in an editor, then look again. Birdkey leaves the file as it is.",
};
const noBrowser: Problem = {
  code: "browser_not_found",
  what: "No browser could be opened.",
  why: "This desktop names no default browser.",
  hint: "Copy the link and open it in a browser on this machine.",
};
const sandboxOff: Problem = {
  code: "sandbox_not_running",
  what: "The sandbox of this account is not running.",
  why: "Its token stays valid until it expires, but nothing answers for it now.",
  hint: "Start the sandbox.",
};

/** Every state of the window, by name. */
export const examples = {
  "first-run": () => emptyView,
  "first-run-xurl": () => ({ ...emptyView, xurl }),
  app: () => withApp,
  "app-confidential": () => ({ ...withApp, apps: [customApp] }),
  waiting: () => withLogin({}),
  "nothing-came-back": () => withLogin({ nothingCameBack: true, deadlineMs: Date.now() + 247_000 }),
  "no-browser": () => withLogin({ browserProblem: noBrowser }),
  exchanging: () => withLogin({ stage: "exchanging" }),
  "login-failed": () => withLogin({ stage: "failed", problem }),
  "login-elsewhere": () => withLogin({ stage: "failed", problem: loginElsewhere }),
  account: () => withAccount({}),
  "name-unknown": () => withAccount({ name: null, username: null, problem: nameUnknown }),
  "scopes-missing": () =>
    withAccount({
      scopesRequested: ["tweet.read", "users.read", "dm.read", "offline.access"],
      scopesGranted: ["tweet.read", "users.read", "brand.new"],
      token: { ...exampleAccount().token, refreshToken: null, scope: "tweet.read users.read brand.new" },
    }),
  refreshable: () =>
    withAccount({
      state: "refreshable",
      token: { ...exampleAccount().token, expiresAtMs: Date.now() - MINUTE_MS },
    }),
  expired: () =>
    withAccount({
      state: "expired",
      token: {
        ...exampleAccount().token,
        expiresAtMs: Date.now() - MINUTE_MS,
        refreshToken: null,
      },
    }),
  "log-in-again": () => withAccount({ state: "log_in_again", problem: dead }),
  "vault-locked": () => withAccount({ state: "vault_unavailable", problem: locked }),
  blocked: () => withAccount({ state: "blocked", problem: locksUnusable }),
  "sandbox-off": () => ({
    ...withAccount({ state: "sandbox_off", problem: sandboxOff, appId: "s1", appName: "Sandbox" }),
    apps: [sandboxApp],
    sandbox: off,
  }),
  several: () => ({
    ...withApp,
    apps: [xApp, sandboxApp, customApp],
    accounts: [
      exampleAccount(),
      { ...exampleAccount(), isDefault: true, id: "u2", appId: "s1", appName: "Sandbox", name: "Demo Two" },
      { ...exampleAccount(), id: "u3", name: null, username: null, state: "log_in_again" as const, problem: dead },
    ],
    sandbox: running,
  }),
  many: () => ({
    ...withApp,
    accounts: Array.from({ length: 30 }, (_, at) => ({
      ...exampleAccount(),
      id: `m${at}`,
      name: `Person ${at + 1}`,
      username: `person_${at + 1}`,
    })),
  }),
  "broken-config": () => ({ ...emptyView, problem: brokenConfig }),
  "broken-with-accounts": () => ({ ...withAccount({}), problem: brokenConfig }),
  notices: () => ({ ...withAccount({}), notices: [loginCutOff, logoutHeldBack, accountElsewhere] }),
  remarks: () => ({
    ...withAccount({}),
    login: { ...exampleLogin(), stage: "done" as const, accountId: "u1", remarks: [accountRenewed] },
  }),
} satisfies Record<string, () => View>;

export type ExampleName = keyof typeof examples;

/** The view of one state; the first run for an unknown name. */
export function exampleView(name: ExampleName): View {
  return (Object.hasOwn(examples, name) ? examples[name] : examples["first-run"])();
}
