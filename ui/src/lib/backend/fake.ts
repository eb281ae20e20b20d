import type { AppChange, Backend, TriedRequest } from "./backend";
import {
  activityEntries,
  answerText,
  answerView,
  doctorFindings,
  installedBrowsers,
} from "./fake-answers";
import type { ActivityEntry } from "./generated/ActivityEntry";
import type { AnswerView } from "./generated/AnswerView";
import type { BrowserView } from "./generated/BrowserView";
import type { Check } from "./generated/Check";
import type { FindingView } from "./generated/FindingView";
import type { ImportView } from "./generated/ImportView";
import type { LanguageSetting } from "./generated/LanguageSetting";
import type { LogoutView } from "./generated/LogoutView";
import type { Problem } from "./generated/Problem";
import type { RevocationView } from "./generated/RevocationView";
import type { Theme } from "./generated/Theme";
import type { View } from "./generated/View";

/** The name of a call, as the window makes it. */
export type Call = Exclude<keyof Backend, "subscribe">;

/** A backend without Birdkey behind it, for tests and for looking at screens in a browser. */
export class FakeBackend implements Backend {
  /** What was asked for, in order, e.g. `logIn a1`. */
  readonly calls: string[] = [];
  /** Calls that are to be rejected, each with its Problem. */
  readonly rejections = new Map<Call | "subscribe", Problem>();
  imported: ImportView = { taken: ["u1"], known: [], unclear: [] };
  clientIdAnswer: Problem | null = null;
  accessTokenRevocation: RevocationView = { state: "revoked" };
  newerTokens: Problem | null = null;
  hint: string | null = null;
  /** The accounts that an app or the sandbox has when it is removed. */
  loggedOutWithApp: string[] = [];
  copyWarning: Problem | null = null;
  listensAt: string | null = "http://127.0.0.1:8731/callback";
  installed: BrowserView[] = installedBrowsers;
  entries: ActivityEntry[] = activityEntries;
  findings: FindingView[] = doctorFindings;
  answer: AnswerView = answerView;
  answerText: string[] = answerText;
  #noted: (() => void) | undefined;
  #push: ((view: View) => void) | undefined;

  constructor(public view: View) {}

  /** Changes the view and pushes it, as Rust does. */
  push(change: Partial<View>): void {
    this.view = { ...this.view, revision: this.view.revision + 1, ...change };
    this.#push?.(this.view);
  }

  async subscribe(onView: (view: View) => void): Promise<void> {
    this.#reject("subscribe");
    this.#push = onView;
    onView(this.view);
  }

  async addXApp(app: { name: string; clientId: string; clientType: string }): Promise<string> {
    await this.#called("addXApp", app.name, app.clientId, app.clientType);
    return this.view.apps.at(-1)?.id ?? "none";
  }

  async checkClientId(clientId: string): Promise<Problem | null> {
    await this.#called("checkClientId", clientId);
    return this.clientIdAnswer;
  }

  async logOut(accountId: string): Promise<LogoutView> {
    await this.#called("logOut", accountId);
    return this.#loggedOut("Ada Sample (@ada)");
  }

  async removeApp(appId: string): Promise<LogoutView[]> {
    await this.#called("removeApp", appId);
    return this.loggedOutWithApp.map((account) => this.#loggedOut(account));
  }

  async removeSandbox(): Promise<LogoutView[]> {
    await this.#called("removeSandbox");
    return this.loggedOutWithApp.map((account) => this.#loggedOut(account));
  }

  async copyAccessToken(accountId: string): Promise<Problem | null> {
    await this.#called("copyAccessToken", accountId);
    return this.copyWarning;
  }

  async importXurl(remove: boolean, clientId: string | null): Promise<ImportView> {
    await this.#called("importXurl", String(remove), ...(clientId === null ? [] : [clientId]));
    return this.imported;
  }

  takeClientSecret = (appId: string) => this.#called("takeClientSecret", appId);
  trySandbox = () => this.#called("trySandbox");
  async changeApp(appId: string, { name, clientId, redirectUris, scopes }: AppChange): Promise<void> {
    await this.#called("changeApp", appId, name, clientId, redirectUris.join(","), scopes.join(","));
  }

  async checkApp(appId: string): Promise<string | null> {
    await this.#called("checkApp", appId);
    return this.listensAt;
  }

  async browsers(): Promise<BrowserView[]> {
    await this.#called("browsers");
    return this.installed;
  }

  async activity(): Promise<ActivityEntry[]> {
    await this.#called("activity");
    return this.entries;
  }

  /** Notes something, and says so to whoever watches. */
  note(entry: ActivityEntry): void {
    this.entries = [...this.entries, entry];
    this.#noted?.();
  }

  async watchActivity(onChange: () => void): Promise<void> {
    await this.#called("watchActivity");
    this.#noted = onChange;
  }

  async leaveActivity(): Promise<void> {
    await this.#called("leaveActivity");
    this.#noted = undefined;
  }

  async examine(offline: boolean): Promise<FindingView[]> {
    await this.#called("examine", String(offline));
    return this.findings;
  }

  async sendRequest(accountId: string, request: TriedRequest): Promise<AnswerView> {
    const { method, target, body, scopes } = request;
    await this.#called("sendRequest", accountId, method, target, body ?? "-", scopes.join(","));
    return this.answer;
  }

  async answerLines(from: number, count: number): Promise<string[]> {
    await this.#called("answerLines", String(from), String(count));
    return this.answerText.slice(from, from + count);
  }

  logIn = (appId: string, scopes?: string[]) => this.#called("logIn", appId, ...(scopes ?? []));
  logInAgain = (accountId: string, scopes?: string[]) =>
    this.#called("logInAgain", accountId, ...(scopes ?? []));
  openLoginIn = (browserId: string) => this.#called("openLoginIn", browserId);
  fix = (check: Check) => this.#called("fix", check);
  copyReport = (offline: boolean) => this.#called("copyReport", String(offline));
  copyAnswer = () => this.#called("copyAnswer");
  setLanguage = (language: LanguageSetting) => this.#called("setLanguage", language);
  setTheme = (theme: Theme) => this.#called("setTheme", theme);
  setClipboardSeconds = (seconds: number) =>
    this.#called("setClipboardSeconds", String(seconds));
  cancelLogin = () => this.#called("cancelLogin");
  openLoginAgain = () => this.#called("openLoginAgain");
  copyLoginLink = () => this.#called("copyLoginLink");
  dismissLogin = () => this.#called("dismissLogin");
  refresh = (accountId: string) => this.#called("refresh", accountId);
  makeDefault = (accountId: string) => this.#called("makeDefault", accountId);
  logoutsRead = () => this.#called("logoutsRead");
  startSandbox = () => this.#called("startSandbox");
  unlockVault = () => this.#called("unlockVault");
  lookAgain = () => this.#called("lookAgain");
  setKeepFresh = (on: boolean) => this.#called("setKeepFresh", String(on));
  setNotify = (on: boolean) => this.#called("setNotify", String(on));
  setStartAtLogin = (on: boolean) => this.#called("setStartAtLogin", String(on));
  testDeepLink = () => this.#called("testDeepLink");
  useDeepLink = (appId: string, on: boolean) => this.#called("useDeepLink", appId, String(on));
  openLog = () => this.#called("openLog");
  openConsole = () => this.#called("openConsole");
  quit = () => this.#called("quit");
  restart = () => this.#called("restart");
  copyText = (text: string) => this.#called("copyText", text);

  #loggedOut(account: string): LogoutView {
    const { accessTokenRevocation: accessToken, newerTokens, hint } = this;
    return { account, refreshToken: { state: "revoked" }, accessToken, newerTokens, hint };
  }

  async #called(call: Call, ...details: string[]): Promise<void> {
    this.calls.push([call, ...details].join(" "));
    await Promise.resolve();
    this.#reject(call);
  }

  #reject(call: Call | "subscribe"): void {
    const problem = this.rejections.get(call);
    // The real backend rejects with a Problem, which is no Error.
    if (problem) throw problem;
  }
}
