import type { AccountView } from "./backend/generated/AccountView";
import type { AppView } from "./backend/generated/AppView";
import type { LoginView } from "./backend/generated/LoginView";
import type { LogoutView } from "./backend/generated/LogoutView";
import type { ShownProblem } from "./backend/problem";
import type { View } from "./backend/generated/View";
import { t } from "./language/language.svelte";

/** What the person chose to look at; `null` means Birdkey chooses. */
export type Choice =
  | { kind: "account"; id: string }
  | { kind: "app"; id: string }
  | { kind: "secret"; id: string }
  | { kind: "add" }
  | { kind: "sandbox" }
  | { kind: "settings"; edit?: string }
  | { kind: "activity" }
  | { kind: "request"; id: string }
  | { kind: "scopes"; appId: string; accountId: string | null }
  | null;

/** The screen that is shown: exactly one per state. */
export type Screen =
  | { kind: "loading" }
  | { kind: "unusable"; problem: ShownProblem }
  | { kind: "first-run" }
  | { kind: "set-up-x" }
  | { kind: "take-secret"; app: AppView }
  | { kind: "app"; app: AppView }
  | { kind: "waiting"; login: LoginView }
  | { kind: "login-failed"; login: LoginView; problem: ShownProblem }
  | { kind: "account"; account: AccountView }
  | { kind: "logged-out"; logouts: LogoutView[] }
  | { kind: "sandbox" }
  | { kind: "settings"; edit: string | null }
  | { kind: "activity" }
  | { kind: "request"; account: AccountView }
  | { kind: "scopes"; app: AppView; account: AccountView | null };

/** The app that the sandbox is set up with: the first that logs in there, as in Rust. */
export const sandboxApp = (view: View): AppView | undefined =>
  view.apps.find(({ provider }) => provider === "sandbox");

/** Apps that the list names itself: no account of theirs stands for them, nor does the sandbox. */
export function listedApps(view: View): AppView[] {
  const used = new Set(view.accounts.map(({ appId }) => appId));
  return view.apps.filter((app) => !used.has(app.id) && app !== sandboxApp(view));
}

/** The screen for a view and a choice. */
export function screenFor(view: View, choice: Choice, logouts: LogoutView[]): Screen {
  const login = loginScreen(view.login);
  if (login !== null) return login;
  if (logouts.length > 0) return { kind: "logged-out", logouts };
  return chosenScreen(view, choice) ?? firstScreen(view);
}

function loginScreen(login: LoginView | null): Screen | null {
  if (login === null) return null;
  switch (login.stage) {
    case "waiting":
    case "exchanging":
      return { kind: "waiting", login };
    case "failed":
      return login.problem === null ? null : { kind: "login-failed", login, problem: login.problem };
    case "done":
      return null;
  }
}

function chosenScreen(view: View, choice: Choice): Screen | null {
  if (choice === null) return null;
  switch (choice.kind) {
    case "account": {
      const account = view.accounts.find(({ id }) => id === choice.id);
      return account ? { kind: "account", account } : null;
    }
    case "app": {
      const app = view.apps.find(({ id }) => id === choice.id);
      return app ? { kind: "app", app } : null;
    }
    case "secret": {
      const app = view.apps.find(({ id }) => id === choice.id);
      return app ? { kind: "take-secret", app } : null;
    }
    case "add":
      return { kind: "set-up-x" };
    case "sandbox":
      return view.sandbox.setUp ? { kind: "sandbox" } : null;
    case "settings":
      return { kind: "settings", edit: choice.edit ?? null };
    case "activity":
      return { kind: "activity" };
    case "request": {
      const account = view.accounts.find(({ id }) => id === choice.id);
      return account ? { kind: "request", account } : null;
    }
    case "scopes": {
      const app = view.apps.find(({ id }) => id === choice.appId);
      const account = view.accounts.find(({ id }) => id === choice.accountId) ?? null;
      return app ? { kind: "scopes", app, account } : null;
    }
  }
}

function firstScreen(view: View): Screen {
  const [account] = view.accounts;
  if (account) return { kind: "account", account };
  const [app] = listedApps(view);
  if (app) return { kind: "app", app };
  if (view.sandbox.setUp) return { kind: "sandbox" };
  if (view.problem !== null) return { kind: "unusable", problem: view.problem };
  return { kind: "first-run" };
}

/** Names a screen so that moving to another one, and only that, moves the focus. */
export function screenKey(screen: Screen): string {
  switch (screen.kind) {
    case "account":
    case "request":
      return `${screen.kind} ${screen.account.id}`;
    case "app":
    case "take-secret":
    case "scopes":
      return `${screen.kind} ${screen.app.id}`;
    case "waiting":
    case "login-failed":
      return `${screen.kind} ${screen.login.appId}`;
    case "loading":
    case "unusable":
    case "first-run":
    case "set-up-x":
    case "logged-out":
    case "sandbox":
    case "settings":
    case "activity":
      return screen.kind;
  }
}

/** What a screen reader hears when the state changes. */
export function announcement(screen: Screen): string {
  switch (screen.kind) {
    case "waiting":
      if (screen.login.stage === "exchanging") return t("frame.say.exchanging");
      return screen.login.nothingCameBack
        ? t("frame.say.nothing")
        : t("frame.say.waiting");
    case "account":
      return screen.account.problem?.what ?? "";
    case "login-failed":
      return t("frame.say.not_logged_in", { what: screen.problem.what });
    case "logged-out":
      return t("frame.say.logged_out");
    case "loading":
    case "unusable":
    case "first-run":
    case "set-up-x":
    case "take-secret":
    case "app":
    case "sandbox":
    case "settings":
    case "activity":
    case "request":
    case "scopes":
      return "";
  }
}
