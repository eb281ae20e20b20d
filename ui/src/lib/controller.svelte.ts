import { SvelteSet } from "svelte/reactivity";

import type { Backend, NewXApp } from "./backend/backend";
import type { LanguageSetting } from "./backend/generated/LanguageSetting";
import type { AccountView } from "./backend/generated/AccountView";
import type { LoginView } from "./backend/generated/LoginView";
import type { LogoutView } from "./backend/generated/LogoutView";
import type { Theme } from "./backend/generated/Theme";
import type { View } from "./backend/generated/View";
import { asProblem, type ShownProblem } from "./backend/problem";
import { scopesInWords } from "./format/scopes";
import { hasMoreToSay, isSame } from "./format/problems";
import { accountTitle, importWords } from "./format/words";
import { forgetDraft } from "./draft";
import { screenFor, type Choice, type Screen } from "./screen";
import { t } from "./language/language.svelte";

const TOAST_MS = 4000;

/** Turns clicks into calls and views into screens; keeps nothing but what the window itself needs. */
export class Controller {
  view = $state.raw<View | null>(null);
  choice = $state<Choice>(null);
  /** Why the last action failed, until the next one begins. */
  problem = $state<ShownProblem | null>(null);
  /** What logins that ended had to say besides; each stays until the person dismisses it. */
  remarks = $state.raw<ShownProblem[]>([]);
  /** Logouts whose results are shown. */
  logouts = $state.raw<LogoutView[]>([]);
  /** What they were logged out for, when it was removed. */
  removed = $state<"app" | "sandbox" | null>(null);
  /** A short confirmation that goes by itself. */
  toast = $state("");
  /** What is wrong with the client id as typed. */
  clientIdProblem = $state<ShownProblem | null>(null);
  readonly pending = new SvelteSet<string>();

  #toastTimer: ReturnType<typeof setTimeout> | undefined;
  #dismissing = false;
  /** The account that was meant when somebody else came back from the browser, and what for. */
  wanted = $state.raw<{ id: string; scopes: string[] | undefined } | null>(null);
  /** The scopes that the person picked for the login that is under way, if it did. */
  #picked: string[] | undefined;
  /** What accounts were allowed before the login that is under way. */
  #allowed = new Map<string, string[]>();
  #clientIdTyped = "";

  constructor(readonly backend: Backend) {}

  screen = $derived.by((): Screen => {
    if (this.view !== null) return screenFor(this.view, this.choice, this.logouts);
    return this.problem === null
      ? { kind: "loading" }
      : { kind: "unusable", problem: this.problem };
  });

  start = (): Promise<void> => this.#run("start", () => this.backend.subscribe(this.receive));

  /** Takes a view; one older than the present is a late arrival and is dropped. */
  receive = (view: View): void => {
    if (this.view !== null && view.revision < this.view.revision) return;
    this.view = view;
    this.#showFinishedLogin(view);
  };

  choose = (choice: Choice): void => {
    this.choice = choice;
    this.problem = null;
    this.wanted = null;
    if (this.logouts.length > 0) void this.#run("logouts-read", () => this.backend.logoutsRead());
    this.logouts = [];
    this.removed = null;
    this.clientIdProblem = null;
    // What was said is about what is left now; an act that leads on speaks after this.
    this.#say("");
  };

  dismissProblem = (): void => {
    this.problem = null;
  };

  dismissRemark = (remark: ShownProblem): void => {
    this.remarks = this.remarks.filter((other) => !isSame(other, remark));
  };

  /** The doctor forgets logins that were cut off, once the person has read about them. */
  dismissNotices = (): Promise<void> =>
    this.#run("dismiss-notice", () => this.backend.fix("leftovers"));

  /** Explains a client id while it is typed; only the answer to the newest text counts. */
  checkClientId = async (typed: string): Promise<void> => {
    this.#clientIdTyped = typed;
    const answer =
      typed.trim() === "" ? null : await this.backend.checkClientId(typed).catch(asProblem);
    if (this.#clientIdTyped === typed) this.clientIdProblem = answer;
  };

  addXApp = (app: NewXApp): Promise<void> =>
    this.#run("add-x-app", async () => {
      // Pasted and saved at once: what is wrong is said at the field, and only there.
      await this.checkClientId(app.clientId);
      if (this.clientIdProblem !== null) return;
      const id = await this.backend.addXApp(app);
      forgetDraft();
      this.choose({ kind: app.clientType === "confidential" ? "secret" : "app", id });
      this.#say(t("frame.saved", { name: app.name }));
    });

  takeClientSecret = (id: string): Promise<void> =>
    this.#run("take-client-secret", async () => {
      await this.backend.takeClientSecret(id);
      this.choose({ kind: "app", id });
      this.#say(t("frame.secret_taken"));
    });

  removeApp = (id: string): Promise<void> =>
    this.#run("remove-app", async () => {
      this.#showRemoved("app", await this.backend.removeApp(id));
    });

  trySandbox = (): Promise<void> =>
    this.#run("try-sandbox", async () => {
      await this.backend.trySandbox();
      this.#picked = undefined;
    });
  startSandbox = (): Promise<void> => this.#run("start-sandbox", () => this.backend.startSandbox());
  unlockVault = (): Promise<void> =>
    this.#run("unlock-vault", async () => {
      await this.backend.unlockVault();
      this.#say(t("frame.unlocked"));
    });
  lookAgain = (): Promise<void> => this.#run("look-again", () => this.backend.lookAgain());

  /** The window came to the front: what it shows may be old, what it says went wrong still did. */
  returned = (): Promise<void> =>
    this.#once("returned", async () => {
      await this.backend.lookAgain().catch((rejection: unknown) => {
        this.problem ??= asProblem(rejection);
      });
    });

  removeSandbox = (): Promise<void> =>
    this.#run("remove-sandbox", async () => {
      this.#showRemoved("sandbox", await this.backend.removeSandbox());
    });

  logIn = (appId: string, scopes?: string[]): Promise<void> =>
    this.#run("log-in", async () => {
      await this.backend.logIn(appId, scopes);
      this.#picked = scopes;
    });
  logInAgain = (accountId: string, scopes?: string[]): Promise<void> =>
    this.#run("log-in", async () => {
      await this.backend.logInAgain(accountId, scopes);
      this.#picked = scopes;
    });
  openLoginIn = (browserId: string): Promise<void> =>
    this.#run(`open-login-in ${browserId}`, async () => {
      await this.backend.openLoginIn(browserId);
      this.#say(t("login.wait.opened"));
    });

  /** Once more what failed. */
  retryLogin = ({ appId, wantedAccountId }: LoginView): Promise<void> =>
    wantedAccountId === null
      ? this.logIn(appId, this.#picked)
      : this.logInAgain(wantedAccountId, this.#picked);

  /** Logs in the account that was meant when somebody else came back, for the same as before. */
  logInWanted = async (): Promise<void> => {
    if (this.wanted !== null) await this.logInAgain(this.wanted.id, this.wanted.scopes);
  };

  cancelLogin = (): Promise<void> => this.#run("cancel-login", () => this.backend.cancelLogin());
  dismissLogin = (): Promise<void> =>
    this.#run("dismiss-login", async () => {
      await this.backend.dismissLogin();
      // What was picked was for this login; the next may be begun by tray or command.
      this.#picked = undefined;
    });

  /** Leaves a login that failed for the screen where it can be fixed. */
  leaveLoginFor = (choice: Choice): Promise<void> => {
    this.choose(choice);
    return this.dismissLogin();
  };

  openLoginAgain = (): Promise<void> =>
    this.#run("open-login-again", () => this.backend.openLoginAgain());

  copyLoginLink = (): Promise<void> =>
    this.#run("copy-login-link", async () => {
      await this.backend.copyLoginLink();
      this.#say(t("frame.link_copied"));
    });

  copyAccessToken = (accountId: string): Promise<void> =>
    this.#run("copy-access-token", async () => {
      this.problem = await this.backend.copyAccessToken(accountId);
      this.#say(t("frame.token_copied", { count: this.view?.clipboardSeconds ?? 0 }));
    });

  importXurl = (remove: boolean, clientId: string | null): Promise<void> =>
    this.#run("import-xurl", async () => {
      const imported = await this.backend.importXurl(remove, clientId);
      const [first] = imported.taken;
      if (first !== undefined) this.choose({ kind: "account", id: first });
      this.#say(importWords(imported));
    });

  makeDefault = (accountId: string): Promise<void> =>
    this.#run("make-default", async () => {
      await this.backend.makeDefault(accountId);
      this.#say(t("frame.default_made"));
    });

  refresh = (accountId: string): Promise<void> =>
    this.#run("refresh", async () => {
      await this.backend.refresh(accountId);
      this.#say(t("frame.refreshed"));
    });

  setKeepFresh = (on: boolean) => this.#run("keep-fresh", () => this.backend.setKeepFresh(on));
  setNotify = (on: boolean) => this.#run("notify", () => this.backend.setNotify(on));
  setTheme = (theme: Theme) => this.#run("theme", () => this.backend.setTheme(theme));
  setLanguage = (language: LanguageSetting) =>
    this.#run("language", () => this.backend.setLanguage(language));
  setClipboardSeconds = (seconds: number) =>
    this.#run("clipboard-seconds", () => this.backend.setClipboardSeconds(seconds));
  setStartAtLogin = (on: boolean) =>
    this.#run("start-at-login", () => this.backend.setStartAtLogin(on));
  testDeepLink = () => this.#run("test-deep-link", () => this.backend.testDeepLink());
  useDeepLink = (id: string, on: boolean) =>
    this.#run(`use-deep-link ${id}`, () => this.backend.useDeepLink(id, on));
  openLog = () => this.#run("open-log", () => this.backend.openLog());
  openConsole = () => this.#run("open-console", () => this.backend.openConsole());
  quit = () => this.#run("quit", () => this.backend.quit());
  restart = () => this.#run("restart", () => this.backend.restart());

  copyText = (text: string): Promise<void> =>
    this.#run(`copy ${text}`, async () => {
      await this.backend.copyText(text);
      this.#say(t("shared.copied"));
    });

  logOut = (accountId: string): Promise<void> =>
    this.#run("log-out", async () => {
      const logout = await this.backend.logOut(accountId);
      this.choose(null);
      this.logouts = [logout];
    });

  /** Logouts that left something to do or to know are shown until the person has read them. */
  #showRemoved(removed: "app" | "sandbox", logouts: LogoutView[]): void {
    this.choose(null);
    this.logouts = logouts.filter(hasMoreToSay);
    this.removed = removed;
    if (this.logouts.length === 0) this.#say(t(`frame.removed.${removed}`));
  }

  /** Runs an action once at a time and keeps its Problem. */
  #run(name: string, action: () => Promise<void>): Promise<void> {
    return this.#once(name, async () => {
      this.problem = null;
      this.#say("");
      try {
        await action();
      } catch (rejection) {
        this.problem = asProblem(rejection);
      }
    });
  }

  async #once(name: string, action: () => Promise<void>): Promise<void> {
    if (this.pending.has(name)) return;
    this.pending.add(name);
    await action();
    this.pending.delete(name);
  }

  /** Confirms something for a moment. */
  say = (text: string): void => this.#say(text);

  #say(text: string): void {
    clearTimeout(this.#toastTimer);
    this.toast = text;
    this.#toastTimer = setTimeout(() => (this.toast = ""), TOAST_MS);
  }

  /** In words, what a login changed of what an account may do; nothing for one that is new. */
  #change(
    { id, scopesGranted }: AccountView,
    which: "added" | "dropped",
    counts: (scope: string) => boolean = () => true,
  ): string {
    const before = this.#allowed.get(id) ?? scopesGranted;
    const [more, less] = which === "added" ? [scopesGranted, before] : [before, scopesGranted];
    return scopesInWords(more.filter((scope) => !less.includes(scope) && counts(scope)));
  }

  /** A login that allows less than the one before it would stop programs without a word. */
  #dropped(account: AccountView, { appName }: LoginView): ShownProblem | null {
    // What a person left out is no surprise.
    const asked = this.#picked;
    const scopes = this.#change(account, "dropped", (scope) => asked?.includes(scope) ?? true);
    if (scopes === "") return null;
    return {
      code: "scopes_dropped",
      what: t("frame.scopes_dropped.what", { scopes }),
      why: t("frame.scopes_dropped.why", { app: appName }),
      hint: t("frame.scopes_dropped.hint"),
    };
  }

  /** A finished login leads to its account and needs no act of the person. */
  #showFinishedLogin({ login, accounts }: View): void {
    if (login?.stage !== "done") {
      this.#dismissing = false;
      // While it is exchanged the account may have its new scopes already.
      if (login?.stage !== "exchanging") {
        this.#allowed = new Map(accounts.map(({ id, scopesGranted }) => [id, scopesGranted]));
      }
      return;
    }
    if (this.#dismissing) return;
    this.#dismissing = true;
    const account = accounts.find(({ id }) => id === login.accountId);
    if (account) this.choose({ kind: "account", id: account.id });
    const words = account ? this.#welcome(account) : "";
    const problem = login.notRenewed ?? (account ? this.#dropped(account, login) : null);
    this.remarks = [...this.remarks, ...login.remarks];
    const { wantedAccountId: id, notRenewed } = login;
    const wanted = notRenewed === null || id === null ? null : { id, scopes: this.#picked };
    this.#picked = undefined;
    // An act takes back what was said before it.
    void this.dismissLogin().then(() => {
      this.#say(words);
      this.problem ??= problem;
      this.wanted = wanted;
    });
  }

  #welcome(account: AccountView): string {
    const known = account.name !== null || account.username !== null;
    const words = known ? t("frame.logged_in_as", { account: accountTitle(account) }) : t("frame.logged_in");
    const added = this.#change(account, "added");
    return added === "" ? words : `${words} ${t("frame.scopes_added", { scopes: added })}`;
  }
}
