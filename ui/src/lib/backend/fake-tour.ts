import { FakeBackend, type Call } from "./fake";
import { exampleView, problem, xApp, type ExampleName } from "./fake-views";

const STEP_MS = 100;

/**
 * The fake behind an address in development: `screen` names a state, `click` buttons to press one
 * after the other, `reject` a call that fails.
 */
export function fakeForAddress(address: URLSearchParams): FakeBackend {
  const backend = new FakeBackend(exampleView((address.get("screen") ?? "first-run") as ExampleName));
  const rejected = address.get("reject");
  if (rejected !== null) backend.rejections.set(rejected as Call, problem);
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
  return backend;
}

function press(test: string): void {
  const element = document.querySelector<HTMLElement>(`[data-test="${test}"]`);
  if (!(element instanceof HTMLInputElement) || element.type === "radio") {
    element?.click();
    return;
  }
  element.value = "some-typed-text";
  element.dispatchEvent(new Event("input", { bubbles: true }));
}
