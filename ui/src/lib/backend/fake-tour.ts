import { FakeBackend, type Call } from "./fake";
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
  // For tests, which change the look of a page that is open.
  const dress = (to: Theme, speaks: LanguageView): void => {
    const { desktop: shown } = backend.view;
    backend.push({ theme: to, desktop: shown && { ...shown, language: speaks } });
  };
  Object.assign(window, { dress });
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
  if (address.has("bad-id")) backend.clientIdAnswer = problem;
  if (address.has("long")) {
    const name = "A very long name نص من اليمين 🗝️ ".repeat(6);
    const [account] = backend.view.accounts;
    if (account) backend.view.accounts[0] = { ...account, name, username: "w".repeat(60), appName: name };
    backend.view.apps[0] = { ...xApp, name };
  }
  const clicks = address.get("click")?.split(",") ?? [];
  clicks.forEach((test, index) => setTimeout(() => press(test), STEP_MS * (index + 2)));
  // For tests: the tour is over.
  setTimeout(() => Object.assign(window, { toured: true }), STEP_MS * (clicks.length + 3));
  return backend;
}

function press(test: string): void {
  const element = document.querySelector<HTMLElement>(`[data-test="${test}"]`);
  if (!(element instanceof HTMLInputElement) || ["radio", "checkbox"].includes(element.type)) {
    element?.click();
    return;
  }
  element.value = "some-typed-text";
  element.dispatchEvent(new Event("input", { bubbles: true }));
}
