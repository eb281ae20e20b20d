import type { ClientTypeView } from "./generated/ClientTypeView";
import type { ImportView } from "./generated/ImportView";
import type { LogoutView } from "./generated/LogoutView";
import type { Problem } from "./generated/Problem";
import type { View } from "./generated/View";

/** A new app at X, as the form holds it. */
export interface NewXApp {
  name: string;
  clientId: string;
  clientType: ClientTypeView;
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
  removeApp(appId: string): Promise<void>;
  /** Starts the sandbox, sets up its app and begins a login. */
  trySandbox(): Promise<void>;
  logIn(appId: string): Promise<void>;
  /** Renews an account; the view says so when another user came back. */
  logInAgain(accountId: string): Promise<void>;
  cancelLogin(): Promise<void>;
  openLoginAgain(): Promise<void>;
  copyLoginLink(): Promise<void>;
  dismissLogin(): Promise<void>;
  copyAccessToken(accountId: string): Promise<void>;
  refresh(accountId: string): Promise<void>;
  /** Makes the account the one meant when a program names none. */
  makeDefault(accountId: string): Promise<void>;
  /** Takes the logins of xurl over; `remove` takes them out of its file. The client id is for the
   * older layout, which does not name it. */
  importXurl(remove: boolean, clientId: string | null): Promise<ImportView>;
  logOut(accountId: string): Promise<LogoutView>;
  startSandbox(): Promise<void>;
  removeSandbox(): Promise<void>;
  unlockVault(): Promise<void>;
  /** Reads configuration, accounts and vault again. */
  lookAgain(): Promise<void>;
  setKeepFresh(on: boolean): Promise<void>;
  setNotify(on: boolean): Promise<void>;
  setStartAtLogin(on: boolean): Promise<void>;
  /** Opens a page whose link has to come back; ends when it did or time is up. */
  testDeepLink(): Promise<void>;
  useDeepLink(appId: string, on: boolean): Promise<void>;
  openLog(): Promise<void>;
  /** Starts the version that was installed over the running one. */
  restart(): Promise<void>;
  /** Copies a text that is no secret. */
  copyText(text: string): Promise<void>;
}
