/** What made a stranger hesitate once; each of these must not come back. */
import { fireEvent, waitFor } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";

import type { ActivityEntry } from "../src/lib/backend/generated/ActivityEntry";
import { customApp, exampleView, xApp } from "../src/lib/backend/fake-views";
import { activityWords } from "../src/lib/format/activity";
import { click, find, get, open } from "./window";

describe("a request", () => {
  const path = (): HTMLInputElement => get("request-path") as HTMLInputElement;
  const sent = (calls: string[]): string[] => calls.filter((call) => call.startsWith("sendRequest"));

  it.each([
    ["", "Type the path first"],
    ["blah blah", "no spaces"],
    ["https://api.x.com/2/users/me", "Only the path"],
  ])("to %j is not sent, says why at its field and leaves no earlier answer", async (typed, why) => {
    const backend = await open(exampleView("account"));
    await click("try-request");
    await click("request-send");
    await waitFor(() => get("answer"));
    await fireEvent.input(path(), { target: { value: typed } });
    await fireEvent.submit(path().closest("form")!);
    await waitFor(() => expect(get("request-path-problem").textContent).toContain(why));
    expect(document.activeElement).toBe(path());
    expect(find("answer")).toBeNull();
    expect(sent(backend.calls)).toHaveLength(1);
  });

  it("without its first slash gets one", async () => {
    const backend = await open(exampleView("account"));
    await click("try-request");
    await fireEvent.input(path(), { target: { value: " 2/users/me " } });
    await click("request-send");
    expect(sent(backend.calls)).toEqual(["sendRequest u1 GET /2/users/me - "]);
    expect(path().value).toBe("/2/users/me");
  });

  it("says where it goes, and that it costs only where it does", async () => {
    const view = exampleView("account");
    await open(view);
    await click("try-request");
    expect(get("request").textContent).toContain("Sent to X by");
    expect(get("request").textContent).toContain("X bills");
  });

  it("to another server does not speak of X's bills", async () => {
    await open({ ...exampleView("account"), apps: [{ ...customApp, id: "a1" }] });
    await click("try-request");
    expect(get("request").textContent).toContain(`Sent to ${customApp.host}`);
    expect(get("request").textContent).not.toContain("X bills");
  });
});

describe("the window", () => {
  it("begins each screen at its top", async () => {
    await open(exampleView("account"));
    const pane = document.querySelector(".pane")!;
    pane.scrollTop = 300;
    await click("nav-settings");
    expect(pane.scrollTop).toBe(0);
  });

  it("is left for good by its button and by Ctrl+Q", async () => {
    const backend = await open(exampleView("account"));
    await click("nav-settings");
    await click("quit");
    await fireEvent.keyDown(window, { key: "q", ctrlKey: true });
    await fireEvent.keyDown(window, { key: "q" });
    expect(backend.calls.filter((call) => call === "quit")).toHaveLength(2);
  });

  it("says that the keychain is open once it is", async () => {
    await open(exampleView("account"));
    await click("nav-settings");
    await click("settings-unlock");
    expect(document.body.textContent).toContain("The keychain is open.");
  });
});

describe("the activity", () => {
  const entry = { atMs: 0, accountId: "u1", account: "Ada", pid: 1, count: 1, code: null };

  it.each([
    [{ ...entry, what: "token", program: "birdkey-desktop", count: 2 }, "Used here 2 times: copied, or for requests"],
    [{ ...entry, what: "token", program: "post.py" }, "post.py got a token"],
    [{ ...entry, what: "failure", program: null, code: "login_denied" }, "Failed: access was not allowed in the browser"],
    [{ ...entry, what: "failure", program: "cron", code: "vault_locked" }, "cron got no token: the keychain was locked"],
    [{ ...entry, what: "failure", program: "cron", code: "brand_new" }, "cron got no token: brand_new"],
  ] as [ActivityEntry, string][])("says %o in words", (said, words) => {
    expect(activityWords(said)).toBe(words);
  });
});

describe("an app that is edited", () => {
  it("has the focus in its first field, then back at its button", async () => {
    await open({ ...exampleView("app"), apps: [xApp] });
    await click("nav-settings");
    await click("edit-app");
    await waitFor(() => expect(document.activeElement).toBe(get("app-name")));
    await click("cancel-edit");
    await waitFor(() => expect(document.activeElement).toBe(get("edit-app")));
  });
});
