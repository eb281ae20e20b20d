import { cleanup, fireEvent, render, waitFor } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";

import App from "../src/App.svelte";
import { FakeBackend } from "../src/lib/backend/fake";
import { examples, type ExampleName } from "../src/lib/backend/fake-views";
import type { View } from "../src/lib/backend/generated/View";
import { Controller } from "../src/lib/controller.svelte";

afterEach(cleanup);

const MARKUP = '<img src=x onerror="alert(1)"><script>alert(1)</script><i>slanted</i>';
/** Fields whose value is one of a few words of Birdkey itself, or an id. */
const OWN_WORDS = new Set(["id", "appId", "accountId", "state", "stage", "provider", "clientType", "code"]);

/** The same view with markup in every text that someone else could have written. */
function poisoned(value: unknown, key = "", at = ""): unknown {
  if (typeof value === "string") return OWN_WORDS.has(key) ? value : `${MARKUP}${at}`;
  if (Array.isArray(value)) return value.map((item, index) => poisoned(item, key, `${at}${index}`));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, poisoned(field, name, at)]),
  );
}

it.each(Object.keys(examples) as ExampleName[])(
  "markup in every field of %s is shown as text",
  async (name) => {
    const view = poisoned(examples[name]()) as View;
    render(App, { controller: new Controller(new FakeBackend(view)) });
    await waitFor(() => expect(document.querySelector("h1")?.textContent).not.toBe("Birdkey"));

    expect(document.querySelector("img, script, i")).toBeNull();
    if (name !== "first-run") expect(document.body.textContent).toContain("<img src=x");
  },
);

it("markup in the result of a logout is shown as text", async () => {
  const backend = new FakeBackend(examples.account());
  backend.logOut = async () => ({
    account: MARKUP,
    refreshToken: { state: "none" },
    accessToken: { state: "failed", problem: { code: "server_unavailable", what: MARKUP, why: MARKUP, hint: MARKUP } },
    newerTokens: null,
    hint: MARKUP,
  });
  const controller = new Controller(backend);
  render(App, { controller });

  await controller.logOut("u1");
  await waitFor(() => expect(document.querySelector('[data-test="logout-result"]')).not.toBeNull());
  await fireEvent.focus(window);

  expect(document.querySelector("img, script, i")).toBeNull();
  expect(document.body.textContent).toContain(MARKUP);
});
