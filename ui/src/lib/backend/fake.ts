import type { Backend } from "./backend";
import type { ImportView } from "./generated/ImportView";
import type { LogoutView } from "./generated/LogoutView";
import type { Problem } from "./generated/Problem";
import type { RevocationView } from "./generated/RevocationView";
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
    return {
      account: "Ada Sample (@ada)",
      refreshToken: { state: "revoked" },
      accessToken: this.accessTokenRevocation,
    };
  }

  async importXurl(remove: boolean, clientId: string | null): Promise<ImportView> {
    await this.#called("importXurl", String(remove), ...(clientId === null ? [] : [clientId]));
    return this.imported;
  }

  takeClientSecret = (appId: string) => this.#called("takeClientSecret", appId);
  removeApp = (appId: string) => this.#called("removeApp", appId);
  trySandbox = () => this.#called("trySandbox");
  logIn = (appId: string) => this.#called("logIn", appId);
  logInAgain = (accountId: string) => this.#called("logInAgain", accountId);
  cancelLogin = () => this.#called("cancelLogin");
  openLoginAgain = () => this.#called("openLoginAgain");
  copyLoginLink = () => this.#called("copyLoginLink");
  dismissLogin = () => this.#called("dismissLogin");
  copyAccessToken = (accountId: string) => this.#called("copyAccessToken", accountId);
  refresh = (accountId: string) => this.#called("refresh", accountId);
  makeDefault = (accountId: string) => this.#called("makeDefault", accountId);
  startSandbox = () => this.#called("startSandbox");
  removeSandbox = () => this.#called("removeSandbox");
  unlockVault = () => this.#called("unlockVault");
  lookAgain = () => this.#called("lookAgain");
  setKeepFresh = (on: boolean) => this.#called("setKeepFresh", String(on));
  setNotify = (on: boolean) => this.#called("setNotify", String(on));
  setStartAtLogin = (on: boolean) => this.#called("setStartAtLogin", String(on));
  testDeepLink = () => this.#called("testDeepLink");
  useDeepLink = (appId: string, on: boolean) => this.#called("useDeepLink", appId, String(on));
  openLog = () => this.#called("openLog");
  restart = () => this.#called("restart");
  copyText = (text: string) => this.#called("copyText", text);

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
