/** What made a stranger hesitate once; each of these must not come back. */
import { fireEvent, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { describe, expect, it } from "vitest";

import type { ActivityEntry } from "../src/lib/backend/generated/ActivityEntry";
import { customApp, exampleView, xApp } from "../src/lib/backend/fake-views";
import { activityWords } from "../src/lib/format/activity";
import { setLanguage } from "../src/lib/language/language.svelte";
import { click, find, get, open } from "./window";

describe("a request", () => {
  const path = (): HTMLInputElement => get("request-path") as HTMLInputElement;
  const sent = (calls: string[]): string[] => calls.filter((call) => call.startsWith("sendRequest"));

  it.each([
    ["", "Type the path first"],
    ["blah blah", "no spaces"],
    ["https://elsewhere.example/2/users/me", "Only the path"],
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
    await fireEvent.input(path(), { target: { value: " 2/users/me?q=https://x.com " } });
    await click("request-send");
    expect(sent(backend.calls)).toEqual(["sendRequest u1 GET /2/users/me?q=https://x.com - "]);
    expect(path().value).toBe("/2/users/me?q=https://x.com");
  });

  it("whose address was copied from X's documentation is sent to its path", async () => {
    const backend = await open(exampleView("account"));
    await click("try-request");
    await fireEvent.input(path(), { target: { value: "https://api.x.com/2/users/by?usernames=x" } });
    await click("request-send");
    expect(sent(backend.calls)).toEqual(["sendRequest u1 GET /2/users/by?usernames=x - "]);
  });

  it("is not offered what stands in its field already, as that takes the Enter that sends", async () => {
    await open(exampleView("account"));
    await click("try-request");
    const offered = [...document.querySelectorAll("datalist option")].map((it) => it.getAttribute("value"));
    expect(offered).not.toContain(path().value);
    expect(offered.length).toBeGreaterThan(3);
  });

  it("says where it goes, and that it costs only where it does", async () => {
    const view = exampleView("account");
    await open(view);
    await click("try-request");
    expect(get("request").textContent).toContain("sends it to X with");
    expect(get("request").textContent).toContain("X bills");
  });

  it("to another server does not speak of X's bills", async () => {
    await open({ ...exampleView("account"), apps: [{ ...customApp, id: "a1" }] });
    await click("try-request");
    expect(get("request").textContent).toContain(`sends it to ${customApp.host}`);
    expect(get("request").textContent).not.toContain("X bills");
  });
});

describe("the window", () => {
  it("begins each screen at its top", async () => {
    const backend = await open(exampleView("account"));
    const pane = document.querySelector(".pane")!;
    pane.scrollTop = 300;
    await click("nav-settings");
    expect(pane.scrollTop).toBe(0);
    pane.scrollTop = 300;
    backend.push({ notifies: false });
    await tick();
    expect(pane.scrollTop, "what is only pushed moves nothing").toBe(300);
  });

  it("is left for good by its button and by Ctrl+Q", async () => {
    const backend = await open(exampleView("account"));
    await click("nav-settings");
    await click("quit");
    await fireEvent.keyDown(window, { key: "q", ctrlKey: true });
    await fireEvent.keyDown(window, { key: "q" });
    expect(backend.calls.filter((call) => call === "quit")).toHaveLength(2);
  });

  it("takes back what it said of a screen that is left", async () => {
    await open(exampleView("account"));
    await click("refresh");
    await waitFor(() => expect(get("toast").textContent).toBe("Refreshed."));
    await click("nav-settings");
    expect(get("toast").textContent).toBe("");
  });

  it("says what the default account is for before it is made", async () => {
    await open(exampleView("several"));
    expect(get("make-default").parentElement!.textContent).toContain("Then birdkey token alone means this account.");
  });

  it("offers to unlock what is locked only, and says that it is open then", async () => {
    const backend = await open(exampleView("account"));
    await click("nav-settings");
    expect(find("settings-unlock")).toBeNull();
    backend.push(exampleView("vault-locked"));
    await waitFor(() => get("settings-unlock"));
    backend.unlockVault = async () => backend.push(exampleView("account"));
    await click("settings-unlock");
    await waitFor(() => expect(document.body.textContent).toContain("The keychain is open."));
    await waitFor(() => expect(document.activeElement).toBe(get("settings-vault-kind")));
  });
});

describe("the doctor", () => {
  it("forgets what it found in another language", async () => {
    const view = exampleView("account");
    const backend = await open(view);
    await click("nav-settings");
    await click("examine");
    await waitFor(() => get("finding"));
    backend.push({ notifies: false });
    await tick();
    expect(find("finding")).not.toBeNull();
    backend.push({ desktop: { ...view.desktop!, language: "de" } });
    await waitFor(() => expect(find("finding")).toBeNull());
    setLanguage("en");
  });
});

describe("the activity", () => {
  const entry = { atMs: 0, accountId: "u1", account: "Ada", pid: 1, count: 1, code: null };

  it.each([
    [{ ...entry, what: "token", program: "birdkey-desktop", count: 2 }, "Used in this window 2 times"],
    [{ ...entry, what: "token", program: "clipboard" }, "Copied to the clipboard"],
    [{ ...entry, what: "failure", program: "clipboard", code: "vault_locked" }, "Failed: the keychain was locked"],
    [{ ...entry, what: "failure", program: null, code: "client_secret_missing" }, "Failed: the client secret was missing"],
    [{ ...entry, what: "token", program: "post.py" }, "post.py got a token"],
    [{ ...entry, what: "failure", program: null, code: "login_denied" }, "Failed: access was not allowed in the browser"],
    [{ ...entry, what: "failure", program: "cron", code: "vault_locked" }, "cron got no token: the keychain was locked"],
    [{ ...entry, what: "failure", program: "cron", code: "brand_new" }, "cron got no token: brand new"],
  ] as [ActivityEntry, string][])("says %o in words", (said, words) => {
    expect(activityWords(said)).toBe(words);
  });
});

describe("a login of an account that is there already", () => {
  const login = exampleView("waiting").login!;

  async function loggedInWith(scopesGranted: string[]): Promise<void> {
    const view = exampleView("account");
    const backend = await open({ ...view, login });
    const [account] = view.accounts;
    const accounts = [{ ...account!, scopesGranted }];
    backend.push({ login: { ...login, stage: "exchanging" }, accounts });
    backend.push({ login: { ...login, stage: "done", accountId: account!.id }, accounts });
    await tick();
    backend.push({ login: null });
    await waitFor(() => get("account"));
  }

  it("says what it no longer allows", async () => {
    await loggedInWith(["users.read", "offline.access"]);
    await waitFor(() => expect(get("problem").textContent).toContain("no longer allows: Read posts"));
  });

  it("says what is new", async () => {
    await loggedInWith(["tweet.read", "users.read", "offline.access", "tweet.write"]);
    await waitFor(() => expect(document.body.textContent).toContain("New: Post and repost for you."));
    expect(find("problem")).toBeNull();
  });

  it("is begun from where an account is added, through an app that is set up", async () => {
    const backend = await open(exampleView("account"));
    await click("nav-add");
    await click("log-in-through");
    expect(backend.calls).toContain("logIn a1");
  });
});

describe("a default account that is missing", () => {
  const three = () => exampleView("several").accounts;

  it("is said, as scripts fail that name none", async () => {
    const accounts = three().map((account) => ({ ...account, isDefault: false }));
    await open({ ...exampleView("several"), accounts });
    expect(get("no-default").textContent).toContain("birdkey token alone fails");
  });

  it("is said before it is logged out", async () => {
    const accounts = three().map((account) => ({ ...account, isDefault: account.id === "u1" }));
    await open({ ...exampleView("several"), accounts });
    expect(find("no-default")).toBeNull();
    await click("log-out");
    expect(get("loses-default").textContent).toContain("alone fails until another one is");
  });

  it("is none where one account is left, which is meant anyway", async () => {
    const accounts = three().slice(0, 2).map((account) => ({ ...account, isDefault: account.id === "u1" }));
    await open({ ...exampleView("several"), accounts });
    await click("log-out");
    expect(find("loses-default")).toBeNull();
  });
});

describe("a mistake in an app", () => {
  it("is corrected where the app is shown, its client ID included", async () => {
    const backend = await open(exampleView("app"));
    await click("edit");
    await waitFor(() => expect(document.activeElement).toBe(get("app-name")));
    await fireEvent.input(get("app-client-id"), { target: { value: "corrected" } });
    await click("save-app");
    await waitFor(() => expect(find("app-form")).toBeNull());
    expect(backend.calls.at(-1)).toContain("changeApp a1 Newsroom corrected ");
  });

  it("is no longer corrected in a client ID that accounts are logged in through", async () => {
    await open(exampleView("account"));
    await click("nav-settings");
    await click("edit-app");
    expect(find("app-client-id")).toBeNull();
    expect(get("app-form").textContent).toContain("once its account is logged out");
  });

  it("is hinted at in a client ID of another length than X's have", async () => {
    await open(exampleView("first-run"));
    await click("set-up-x");
    await fireEvent.input(get("x-client-id"), { target: { value: "xvz1evFS4wEEPTGEFPHBog" } });
    expect(get("client-id-unusual").textContent).toContain("usually have 34");
    await fireEvent.input(get("x-client-id"), { target: { value: xApp.clientId.padEnd(34, "A").slice(0, 34) } });
    expect(find("client-id-unusual")).toBeNull();
  });

  it("is not a second app of one name", async () => {
    const backend = await open({ ...exampleView("app"), apps: [{ ...xApp, name: "X" }] });
    await click("nav-add");
    expect((get("x-name") as HTMLInputElement).value).toBe("X 2");
    await fireEvent.input(get("x-client-id"), { target: { value: xApp.clientId } });
    await fireEvent.input(get("x-name"), { target: { value: " X " } });
    await fireEvent.submit(get("x-name").closest("form")!);
    expect(get("name-taken").textContent).toContain("already");
    // One without a name would be called X, too.
    await fireEvent.input(get("x-name"), { target: { value: "" } });
    await fireEvent.submit(get("x-name").closest("form")!);
    expect(find("name-taken")).not.toBeNull();
    expect(backend.calls.filter((call) => call.startsWith("addXApp"))).toEqual([]);
  });

  it("that keeps the client secret from being there leads to where it is set", async () => {
    const failed = { ...exampleView("login-failed").login! };
    failed.problem = { ...failed.problem!, code: "client_secret_missing" };
    const backend = await open({ ...exampleView("app-confidential"), login: { ...failed, appId: "c1" } });
    const { apps } = exampleView("app-confidential");
    backend.push({ login: { ...failed, appId: apps[0]!.id } });
    await waitFor(() => get("set-secret"));
    await click("set-secret");
    backend.push({ login: null });
    await waitFor(() => get("take-secret-screen"));
  });
});

describe("the wrong account", () => {
  it("leads to another login of the right one", async () => {
    const login = exampleView("waiting").login!;
    const other = { code: "other_user" as const, what: "W", why: "Y", hint: "F" };
    const view = exampleView("several");
    const backend = await open({ ...view, login: { ...login, wantedAccountId: "u1" } });
    backend.push({
      login: { ...login, wantedAccountId: "u1", stage: "done", accountId: "u2", notRenewed: other },
    });
    await tick();
    backend.push({ login: null });
    await waitFor(() => get("log-in-wanted"));
    await click("log-in-wanted");
    expect(backend.calls.at(-1)).toBe("logInAgain u1");
  });

  it("loses nothing of what was picked, nor does an attempt that failed", async () => {
    const login = { ...exampleView("waiting").login!, wantedAccountId: "u1" };
    const backend = await open(exampleView("account"));
    await click("change-scopes");
    await click("scope-tweet.write");
    await click("scopes-log-in");
    const picked = "logInAgain u1 users.read tweet.read offline.access tweet.write";
    expect(backend.calls.at(-1)).toBe(picked);
    backend.push({ login: { ...login, ...exampleView("login-failed").login!, wantedAccountId: "u1" } });
    await waitFor(() => get("try-again"));
    await click("try-again");
    expect(backend.calls.at(-1)).toBe(picked);
    expect(backend.calls.filter((call) => call === picked)).toHaveLength(2);
    const other = { code: "other_user" as const, what: "W", why: "Y", hint: "F" };
    backend.push({ login: { ...login, stage: "done", accountId: "u1", notRenewed: other } });
    await tick();
    backend.push({ login: null });
    await waitFor(() => get("log-in-wanted"));
    await click("log-in-wanted");
    expect(backend.calls.filter((call) => call === picked)).toHaveLength(3);
  });

  it("is warned of what a later login drops, although an earlier one was picked and given up", async () => {
    const login = { ...exampleView("waiting").login!, wantedAccountId: "u1" };
    const view = exampleView("account");
    const backend = await open(view);
    await click("change-scopes");
    await click("scope-offline.access");
    await click("scopes-log-in");
    backend.push({ login: { ...exampleView("login-failed").login!, wantedAccountId: "u1" } });
    await waitFor(() => get("back"));
    await click("back");
    backend.push({ login: null });
    // Begun by the tray.
    backend.push({ login });
    const accounts = [{ ...view.accounts[0]!, scopesGranted: ["users.read", "tweet.read"] }];
    backend.push({ login: { ...login, stage: "done", accountId: "u1" }, accounts });
    await tick();
    backend.push({ login: null });
    await waitFor(() => expect(get("problem").textContent).toContain("no longer allows: Stay logged in"));
  });
});

describe("scopes", () => {
  it("that say whose account it is can't be given back", async () => {
    await open(exampleView("account"));
    await click("change-scopes");
    expect((get("scope-users.read") as HTMLInputElement).disabled).toBe(true);
    expect((get("scope-tweet.read") as HTMLInputElement).disabled).toBe(true);
    expect((get("scope-offline.access") as HTMLInputElement).disabled).toBe(false);
  });

  it("are given back by a login that asks for fewer, which is then no surprise", async () => {
    const view = exampleView("account");
    const backend = await open(view);
    await click("change-scopes");
    await click("scope-offline.access");
    expect(get("scopes-dropped").textContent).toContain("Stay logged in");
    await click("scopes-log-in");
    expect(backend.calls.at(-1)).toBe("logInAgain u1 users.read tweet.read");
    const login = { ...exampleView("waiting").login!, wantedAccountId: "u1", accountId: "u1" };
    backend.push({ login });
    const accounts = [{ ...view.accounts[0]!, scopesGranted: ["users.read", "tweet.read"] }];
    backend.push({ login: { ...login, stage: "done" }, accounts });
    await tick();
    backend.push({ login: null });
    await waitFor(() => get("account"));
    expect(find("problem")).toBeNull();
  });
});

describe("a login that is renewed", () => {
  it("needs no reason", async () => {
    const backend = await open(exampleView("account"));
    await click("renew");
    expect(backend.calls.at(-1)).toBe("logInAgain u1");
  });

  it("says in the window whom to choose in the browser", async () => {
    const login = { ...exampleView("waiting").login!, wantedAccountId: "u1" };
    await open({ ...exampleView("account"), login });
    expect(get("wanted").textContent).toContain("is for Ada Sample (@ada_sample)");
  });

  it("is any account's when it is a new one", async () => {
    await open({ ...exampleView("account"), login: exampleView("waiting").login });
    expect(find("wanted")).toBeNull();
  });
});

describe("the sandbox", () => {
  it("is one entry, which leads to its app", async () => {
    const view = { ...exampleView("several"), accounts: [] };
    const sandboxApp = view.apps.find(({ provider }) => provider === "sandbox")!;
    await open({ ...view, apps: [sandboxApp] });
    expect(find("nav-app")).toBeNull();
    expect(get("nav-sandbox").getAttribute("aria-current")).toBe("page");
    await click("sandbox-app");
    expect(get("app-ready").textContent).toContain(sandboxApp.clientId);
    expect(get("nav-sandbox").getAttribute("aria-current")).toBe("page");
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
