import type { Page } from "playwright-core";
import { afterAll, beforeAll, it } from "vitest";

import { stage, type Stage } from "./chromium";
import { shows, tabTo } from "./keys";

let window: Stage;
beforeAll(async () => {
  window = await stage();
});
afterAll(() => window.close());

const asked = (page: Page, call: string) =>
  page.waitForFunction(
    (wanted) => Reflect.get(globalThis, "calls").some((made: string) => `${made} `.startsWith(`${wanted} `)),
    call,
    { timeout: 10_000 },
  );

/** A control and the key pressed at it, Enter unless named; `type:` types instead. */
type Step = [test: string, key?: string];
/** What a person wants, where that begins, the way with the keyboard alone, and what Rust is asked for. */
const FLOWS: [wish: string, begins: string, way: Step[], asks: string][] = [
  ["try the sandbox", "first-run", [["try-sandbox"]], "trySandbox"],
  ["take over xurl's logins", "first-run-xurl", [["import-xurl"], ["xurl-remove", "Space"], ["confirm-yes"]], "importXurl false"],
  ["log in through an app", "app", [["log-in"]], "logIn a1"],
  ["give the client secret", "app-confidential", [["change-secret"], ["take-secret"]], "takeClientSecret c1"],
  ["remove an app", "app", [["remove-app"], ["confirm-yes"]], "removeApp a1"],
  ["open the browser again", "waiting", [["open-again"]], "openLoginAgain"],
  ["copy the login's link", "waiting", [["copy-link"]], "copyLoginLink"],
  ["open another browser", "waiting", [["elsewhere"], ["open-in", "Space"]], "openLoginIn chromium.desktop Work"],
  ["cancel a login", "waiting", [["cancel"]], "cancelLogin"],
  ["try a failed login again", "login-failed", [["try-again"]], "logIn a1"],
  ["log in although a login is kept elsewhere", "login-elsewhere", [["log-in-all-the-same"]], "logIn a1"],
  ["copy the line that leads to a login", "login-elsewhere", [["copy-problem-line"]], "copyText export"],
  ["dismiss a login that was cut off", "notices", [["dismiss-notice"]], "fix leftovers"],
  ["leave a failed login", "login-failed", [["back"]], "dismissLogin"],
  ["copy the token", "account", [["copy-token"]], "copyAccessToken u1"],
  ["copy the command", "account", [["copy-command"]], "copyText birdkey token --account @ada_sample"],
  ["refresh now", "account", [["refresh"]], "refresh u1"],
  ["make an account the default", "several", [["make-default"]], "makeDefault u1"],
  ["log in again", "log-in-again", [["log-in-again"]], "logInAgain u1"],
  ["unlock the keychain", "vault-locked", [["unlock"]], "unlockVault"],
  ["start the sandbox", "sandbox-off", [["start-sandbox"]], "startSandbox"],
  ["remove the sandbox", "several", [["nav-sandbox"], ["remove-sandbox"], ["confirm-yes"]], "removeSandbox"],
  ["keep tokens fresh no longer", "several", [["nav-settings"], ["keep-fresh", "Space"]], "setKeepFresh false"],
  ["have no notifications", "several", [["nav-settings"], ["notify", "Space"]], "setNotify false"],
  ["start with the session", "several", [["nav-settings"], ["start-at-login", "Space"]], "setStartAtLogin true"],
  ["choose the dark theme", "several", [["nav-settings"], ["theme", "End"]], "setTheme dark"],
  ["choose German", "several", [["nav-settings"], ["language", "d"]], "setLanguage de"],
  ["keep copies shorter", "several", [["nav-settings"], ["clipboard-seconds", "type:30"]], "setClipboardSeconds 30"],
  ["test the link", "several", [["nav-settings"], ["test-deep-link"]], "testDeepLink"],
  ["open the log", "several", [["nav-settings"], ["open-log"]], "openLog"],
  ["ask the doctor without a network", "several", [["nav-settings"], ["examine-offline", "Space"], ["examine"]], "examine true"],
  ["have a finding fixed", "several", [["nav-settings"], ["examine"], ["fix"]], "fix access"],
  ["copy the report", "several", [["nav-settings"], ["examine"], ["copy-report"]], "copyReport false"],
  ["rename an app", "app", [["nav-settings"], ["edit-app"], ["app-name", "type:Mine"], ["save-app"]], "changeApp a1 Mine"],
  ["quit the app", "several", [["nav-settings"], ["quit"]], "quit"],
  ["open X's console", "first-run", [["set-up-x"], ["open-console"]], "openConsole"],
  ["watch the activity", "several", [["nav-activity"], ["filter-kind", "End"], ["clear-filters"]], "watchActivity"],
];

// Two at once: one waits while the other is drawn.
it.concurrent.each(FLOWS)("with the keyboard alone one can %s", async (_, begins, way, asks) => {
  const page = await window.open(`screen=${begins}`);
  for (const [test, key = "Enter"] of way) {
    await shows(page, test);
    await tabTo(page, test);
    if (!key.startsWith("type:")) {
      await page.keyboard.press(key);
      continue;
    }
    await page.keyboard.press("Control+a");
    await page.keyboard.type(key.slice("type:".length));
    await page.keyboard.press("Tab");
  }
  await asked(page, asks);
  await page.context().close();
});
