import { FakeBackend, type Call } from "./fake";
import { away, newerTokens, refreshUnanswered } from "./fake-problems";
import { exampleView, problem, xApp, type ExampleName } from "./fake-views";
import type { LanguageView } from "./generated/LanguageView";
import type { Theme } from "./generated/Theme";

const STEP_MS = 100;

/**
 * The fake behind an address in development: `screen` names a state, `click` buttons to press one
 * after the other, `reject` a call that fails, `theme` and `lang` how it looks.
 */
export function fakeForAddress(address: URLSearchParams): FakeBackend {
  const backend = new FakeBackend(exampleView((address.get("screen") ?? "first-run") as ExampleName));
  const rejected = address.get("reject");
  if (rejected !== null) backend.rejections.set(rejected as Call, problem);
  const theme = address.get("theme");
  if (theme !== null) backend.view = { ...backend.view, theme: theme as Theme };
  const lang = address.get("lang");
  const { desktop } = backend.view;
  if (lang !== null && desktop !== null) {
    backend.view = { ...backend.view, desktop: { ...desktop, language: lang as LanguageView } };
  }
  // For tests, which change the look of a page that is open and read what it asked for.
  const dress = (to: Theme, speaks: LanguageView): void => {
    const { desktop: shown } = backend.view;
    backend.push({ theme: to, desktop: shown && { ...shown, language: speaks } });
  };
  Object.assign(window, { dress, calls: backend.calls });
  const accounts = Number(address.get("accounts") ?? 0);
  if (accounts > 0) {
    const [account] = backend.view.accounts;
    backend.view.accounts = Array.from({ length: accounts }, (_, at) => ({
      ...account!,
      id: `m${at}`,
      name: `Person ${at + 1}`,
    }));
  }
  const entries = Number(address.get("entries") ?? 0);
  if (entries > 0) {
    const [entry] = backend.entries;
    backend.entries = Array.from({ length: entries }, (_, at) => ({
      ...entry!,
      atMs: entry!.atMs + at * 60_000,
    }));
  }
  if (address.has("half")) backend.accessTokenRevocation = { state: "failed", problem };
  if (address.has("newer")) backend.newerTokens = newerTokens;
  if (address.has("away")) {
    backend.loggedOutWithApp = ["Ada Sample (@ada_sample)", "Grace (@grace)"];
    backend.accessTokenRevocation = { state: "waiting", problem: away };
    backend.hint = newerTokens.hint;
  }
  if (address.has("doubt")) backend.copyWarning = refreshUnanswered;
  if (address.has("bad-id")) backend.clientIdAnswer = problem;
  if (address.has("long")) {
    const name = "A very long name نص من اليمين 🗝️ ".repeat(6);
    const [account] = backend.view.accounts;
    if (account) backend.view.accounts[0] = { ...account, name, username: "w".repeat(60), appName: name };
    backend.view.apps[0] = { ...xApp, name };
  }
  void tour(address.get("click")?.split(",") ?? []);
  return backend;
}

async function tour(clicks: string[]): Promise<void> {
  for (const test of clicks) press(await appeared(test));
  await soon();
  // For tests: the tour is over.
  Object.assign(window, { toured: true });
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, STEP_MS));

/** A control, as soon as it is there: what was pressed before may bring it. */
async function appeared(test: string): Promise<HTMLElement> {
  await soon();
  return document.querySelector<HTMLElement>(`[data-test="${test}"]`) ?? appeared(test);
}

function press(element: HTMLElement): void {
  if (!(element instanceof HTMLInputElement) || ["radio", "checkbox"].includes(element.type)) {
    element.click();
    return;
  }
  element.value = "some-typed-text";
  element.dispatchEvent(new Event("input", { bubbles: true }));
}
