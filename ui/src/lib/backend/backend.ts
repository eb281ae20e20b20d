import type { ActivityEntry } from "./generated/ActivityEntry";
import type { AnswerView } from "./generated/AnswerView";
import type { BrowserView } from "./generated/BrowserView";
import type { Check } from "./generated/Check";
import type { ClientTypeView } from "./generated/ClientTypeView";
import type { FindingView } from "./generated/FindingView";
import type { ImportView } from "./generated/ImportView";
import type { LanguageSetting } from "./generated/LanguageSetting";
import type { LogoutView } from "./generated/LogoutView";
import type { Problem } from "./generated/Problem";
import type { Theme } from "./generated/Theme";
import type { View } from "./generated/View";

/** A new app at X, as the form holds it. */
export interface NewXApp {
  name: string;
  clientId: string;
  clientType: ClientTypeView;
}

/** What of an app can be changed; its client id only while nobody is logged in through it. */
export interface AppChange {
  name: string;
  clientId: string;
  redirectUris: string[];
  scopes: string[];
}

/** A request to the API, as it is typed. */
export interface TriedRequest {
  method: string;
  /** A path like `/2/users/me`, with its query. */
  target: string;
  /** JSON, or `null` for none. */
  body: string | null;
  /** The scopes that the token must have. */
  scopes: string[];
}

/** What the window asks of Birdkey; every call rejects with a `Problem`. */
export interface Backend {
  /** Pushes the whole view at once and then with every change. */
  subscribe(onView: (view: View) => void): Promise<void>;
  /** Stores an app at X and returns its id. */
  addXApp(app: NewXApp): Promise<string>;
  /** Says what is wrong with a client id as typed, or `null`. */
  checkClientId(clientId: string): Promise<Problem | null>;
  /** Moves the client secret from the clipboard into the vault; it never passes through here. */
  takeClientSecret(appId: string): Promise<void>;
  /** Logs its accounts out first, and says how each of these logouts ended. */
  removeApp(appId: string): Promise<LogoutView[]>;
  /** Starts the sandbox, sets up its app and begins a login. */
  trySandbox(): Promise<void>;
  /** Changes name, client id, redirect URIs and scopes; no redirect URI takes the default ones. */
  changeApp(appId: string, change: AppChange): Promise<void>;
  /** Whether the registration works; answers where a login would listen, `null` when it takes links. */
  checkApp(appId: string): Promise<string | null>;
  /** Asks for the app's own scopes when none are chosen. */
  logIn(appId: string, scopes?: string[]): Promise<void>;
  /** Renews an account; the view says so when another user came back. */
  logInAgain(accountId: string, scopes?: string[]): Promise<void>;
  /** The browsers of this machine, one entry for each profile. */
  browsers(): Promise<BrowserView[]>;
  /** Opens the page of the login that waits in another browser or profile. */
  openLoginIn(browserId: string): Promise<void>;
  cancelLogin(): Promise<void>;
  openLoginAgain(): Promise<void>;
  copyLoginLink(): Promise<void>;
  dismissLogin(): Promise<void>;
  /** Answers why the server may not accept the copied token, when it may not. */
  copyAccessToken(accountId: string): Promise<Problem | null>;
  refresh(accountId: string): Promise<void>;
  /** Makes the account the one meant when a program names none. */
  makeDefault(accountId: string): Promise<void>;
  /** Takes the logins of xurl over; `remove` takes them out of its file. The client id is for the
   * older layout, which does not name it. */
  importXurl(remove: boolean, clientId: string | null): Promise<ImportView>;
  logOut(accountId: string): Promise<LogoutView>;
  /** The person has read how the last logouts ended. */
  logoutsRead(): Promise<void>;
  startSandbox(): Promise<void>;
  /** Logs its accounts out first, and says how each of these logouts ended. */
  removeSandbox(): Promise<LogoutView[]>;
  unlockVault(): Promise<void>;
  /** Reads configuration, accounts and vault again. */
  lookAgain(): Promise<void>;
  setKeepFresh(on: boolean): Promise<void>;
  setNotify(on: boolean): Promise<void>;
  setTheme(theme: Theme): Promise<void>;
  setLanguage(language: LanguageSetting): Promise<void>;
  /** 5 to 600 seconds. */
  setClipboardSeconds(seconds: number): Promise<void>;
  setStartAtLogin(on: boolean): Promise<void>;
  /** Opens a page whose link has to come back; ends when it did or time is up. */
  testDeepLink(): Promise<void>;
  useDeepLink(appId: string, on: boolean): Promise<void>;
  openLog(): Promise<void>;
  /** Opens X's developer console in the browser. */
  openConsole(): Promise<void>;
  /** Ends the app, not only its window. */
  quit(): Promise<void>;
  /** Starts the version that was installed over the running one. */
  restart(): Promise<void>;
  /** Copies a text that is no secret. */
  copyText(text: string): Promise<void>;
  /** Everything that was noted, oldest first. */
  activity(): Promise<ActivityEntry[]>;
  /** Calls back whenever the activity changed, until `leaveActivity`. */
  watchActivity(onChange: () => void): Promise<void>;
  leaveActivity(): Promise<void>;
  /** Looks at everything a login and a token need; `offline` asks no server. */
  examine(offline: boolean): Promise<FindingView[]>;
  /** Mends what findings of this kind say. */
  fix(check: Check): Promise<void>;
  /** Copies what the doctor finds, without secrets. */
  copyReport(offline: boolean): Promise<void>;
  /** Sends a request with the account's token, which never comes here; the text of the answer is
   * fetched by lines. */
  sendRequest(accountId: string, request: TriedRequest): Promise<AnswerView>;
  /** Lines of the last answer; at most 500 at once. */
  answerLines(from: number, count: number): Promise<string[]>;
  /** Copies the whole last answer. */
  copyAnswer(): Promise<void>;
}
