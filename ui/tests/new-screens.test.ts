import { readFileSync } from "node:fs";

import { cleanup, fireEvent, render, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";

import { FakeBackend } from "../src/lib/backend/fake";
import { customApp, exampleView, problem, xApp } from "../src/lib/backend/fake-views";
import ScopePicker from "../src/lib/components/domain/ScopePicker.svelte";
import { RequestTry } from "../src/lib/controllers/request.svelte";
import { forgetDraft, keepDraft, readDraft } from "../src/lib/draft";
import { endpointOf, placeholders } from "../src/lib/format/endpoints";
import { PRESETS, SCOPE_GROUPS, SCOPES, scopeNotes, scopeWords } from "../src/lib/format/scopes";
import { calledByCommand } from "../src/lib/format/words";
import { isKey, messages } from "../src/lib/language/catalogue";
import { setLanguage } from "../src/lib/language/language.svelte";
import { click, find, get, open, openOn } from "./window";

// The test runner empties styles that are imported.
const tokens = readFileSync("src/styles/tokens.css", "utf8");

afterEach(() => {
  cleanup();
  setLanguage("en");
  localStorage.clear();
  vi.restoreAllMocks();
});

/** A click a second later: one that follows at once is taken for the second of a double click. */
function clickLater(test: string): Promise<boolean> {
  const event = new MouseEvent("click", { bubbles: true, cancelable: true });
  Object.defineProperty(event, "timeStamp", { value: event.timeStamp + 1000 });
  return fireEvent(get(test), event);
}

describe("scopes", () => {
  it("every known one has words and a group, and presets ask for known ones only", () => {
    const known = SCOPE_GROUPS.flatMap(([, scopes]) => scopes.map(({ name }) => name));
    expect(new Set(known).size).toBe(known.length);
    for (const scope of known) expect(scopeWords(scope), scope).not.toBeNull();
    for (const preset of Object.values(PRESETS)) {
      for (const scope of preset) expect(known).toContain(scope);
    }
    expect(PRESETS.read.filter((scope) => scope.endsWith(".write"))).toEqual([]);
  });

  it("an entry of the file is enough: the picker knows its group, its state and what it costs", () => {
    expect(SCOPE_GROUPS.flatMap(([, scopes]) => scopes)).toEqual(SCOPES);
    for (const { name, group, access, state, prices } of SCOPES) {
      const keys = [`login.scopes.group.${group}`, ...prices.map(({ per }) => `login.scopes.price.${per}`)];
      if (state !== "offered") keys.push(`login.scopes.state.${state}`);
      expect(keys.filter((key) => !isKey(key)), name).toEqual([]);
      expect(["read", "write", "login"], name).toContain(access);
      for (const words of Object.values(messages)) expect(words[`scope.${name}`], name).toBeTruthy();
    }
  });

  it("presets leave out what is private, what changes anything, and what X does not document", () => {
    for (const name of ["tweet.read", "timeline.read", "space.read", "offline.access"]) expect(PRESETS.read).toContain(name);
    for (const name of ["dm.read", "ads.read", "developer.read", "users.email"]) expect(PRESETS.read).not.toContain(name);
    const writing = SCOPES.filter(({ access }) => access === "write").map(({ name }) => name);
    expect(PRESETS.read.filter((name) => writing.includes(name))).toEqual([]);
    const left = SCOPES.filter(({ name }) => !PRESETS.everything.includes(name));
    expect(left.map(({ name }) => name)).toContain("developer.billing.write");
    expect(left.filter(({ state }) => state !== "undocumented")).toEqual([]);
  });

  it("say what X charges and what it does not offer, after their names", async () => {
    const notes = (name: string): string[] => scopeNotes(SCOPES.find((scope) => scope.name === name)!);
    expect(notes("users.read")).toEqual(["X charges about $0.01 per profile"]);
    expect(notes("like.write")).toEqual(["Not available on X’s self-serve plans"]);
    expect(notes("developer.billing.write")).toEqual(["Not documented by X"]);
    expect(notes("offline.access")).toEqual([]);
    setLanguage("de");
    expect(notes("users.read")).toEqual(["X berechnet etwa 0,01\u00a0$ pro Profil"]);
    setLanguage("en");

    await open(exampleView("app"));
    await click("choose-scopes");
    const box = get("scope-tweet.write");
    const text = (attribute: string): string =>
      document.getElementById(box.getAttribute(attribute)!)!.textContent!.replace(/\s+/g, " ").trim();
    expect(text("aria-labelledby")).toBe("Post and repost for you changes tweet.write");
    expect(text("aria-describedby")).toBe("X charges about $0.015 per post, $0.20 per post with a link");
    expect(get("scope-mute.read").hasAttribute("aria-describedby")).toBe(false);
  });

  it("of another server than X have no notes on X's prices and plans", () => {
    render(ScopePicker, { chosen: [], atX: false });
    expect(get("scope-tweet.write").hasAttribute("aria-describedby")).toBe(false);
    expect(get("scope-picker").textContent).not.toContain("X charges");
  });

  it("are picked, shown as the consent to come, and asked for", async () => {
    const backend = await open(exampleView("app"));
    await click("choose-scopes");
    expect(find("scopes-screen")).not.toBeNull();
    await click("scope-tweet.write");
    expect(get("scopes-consent").textContent).toContain("Post and repost for you");
    await click("scopes-log-in");
    expect(backend.calls).toContain("logIn a1 tweet.read users.read offline.access tweet.write");
  });

  it("of an account need another login only when one is added", async () => {
    const backend = await open(exampleView("account"));
    await click("change-scopes");
    expect(find("scopes-log-in")).toBeNull();
    expect(find("scopes-enough")).not.toBeNull();
    await click("scope-like.read");
    expect(get("scopes-added").textContent).toContain("See your likes");
    await click("scopes-log-in");
    expect(backend.calls.at(-1)).toMatch(/^logInAgain u1 .*like\.read/);
  });

  it("what was ticked stays when the view is pushed anew, as a refresh in the background does", async () => {
    const backend = await open(exampleView("account"));
    await click("change-scopes");
    await click("scope-like.read");
    backend.push(structuredClone(exampleView("account")));
    await tick();
    expect((get("scope-like.read") as HTMLInputElement).checked).toBe(true);
    expect(get("scopes-added").textContent).toContain("See your likes");
  });

  it("everything is warned of, and no lasting login is said to end soon", async () => {
    await open(exampleView("app"));
    await click("choose-scopes");
    await click("preset-everything");
    expect(find("everything-warning")).not.toBeNull();
    await click("scope-offline.access");
    expect(find("scopes-short")).not.toBeNull();
  });
});

describe("an app", () => {
  it("is checked, and the cause is named when the check fails", async () => {
    const backend = await open(exampleView("app"));
    await click("check-app");
    await waitFor(() => expect(get("checked").textContent).toContain("127.0.0.1:8731"));
    backend.rejections.set("checkApp", problem);
    await clickLater("check-app");
    await waitFor(() => expect(get("check-problem").textContent).toContain(problem.what));
    expect(find("checked")).toBeNull();
  });

  it("is edited in the settings, and keeps what was typed when that fails", async () => {
    const backend = await open(exampleView("app"));
    backend.rejections.set("changeApp", problem);
    await click("nav-settings");
    await click("edit-app");
    await fireEvent.input(get("app-uris"), { target: { value: "http://127.0.0.1:9/x\n" } });
    await click("save-app");
    await waitFor(() => expect(find("app-form-problem")).not.toBeNull());
    expect((get("app-uris") as HTMLTextAreaElement).value).toBe("http://127.0.0.1:9/x\n");
    backend.rejections.clear();
    await fireEvent.submit(get("app-form"));
    await waitFor(() => expect(find("app-form")).toBeNull());
    const sent = `changeApp a1 Newsroom ${xApp.clientId} http://127.0.0.1:9/x tweet.read,users.read,offline.access`;
    expect(backend.calls.at(-1)).toBe(sent);
  });

  it("is removed from the settings only after it was said whom that logs out", async () => {
    const backend = await open(exampleView("account"));
    await click("nav-settings");
    await click("settings-remove-app");
    expect(get("confirm").textContent).toContain("Its account is logged out first");
    await click("confirm-no");
    expect(backend.calls).toEqual([]);
    await clickLater("settings-remove-app");
    await click("confirm-yes");
    expect(backend.calls).toEqual(["removeApp a1"]);
  });

  it("half set up is kept, unless nothing was typed", () => {
    keepDraft({ name: "N", clientId: "c", clientType: "confidential" });
    expect(readDraft()).toEqual({ name: "N", clientId: "c", clientType: "confidential" });
    forgetDraft();
    expect(readDraft()).toEqual({ name: "X", clientId: "", clientType: "public" });
    localStorage.setItem("set-up-x", "{broken");
    expect(readDraft().clientId).toBe("");
  });
});

describe("the dark theme", () => {
  it("has the same values whether the system or the person chose it", () => {
    const block = (start: string): string[] => {
      const from = tokens.indexOf(start);
      const lines = tokens.slice(tokens.indexOf("{", from) + 1, tokens.indexOf("}", from)).split("\n");
      return lines.map((line) => line.trim()).filter((line) => line.startsWith("--"));
    };
    const chosen = block(':root[data-theme="dark"]');
    expect(chosen.length).toBeGreaterThan(10);
    expect(block(':root:not([data-theme="light"])')).toEqual(chosen);
  });
});

describe("settings", () => {
  it("change theme, language and clipboard time, within what is allowed", async () => {
    const backend = await open(exampleView("app"));
    await click("nav-settings");
    await fireEvent.change(get("theme"), { target: { value: "dark" } });
    await fireEvent.change(get("language"), { target: { value: "de" } });
    await fireEvent.change(get("clipboard-seconds"), { target: { value: "9999" } });
    expect(backend.calls).toEqual(["setTheme dark", "setLanguage de", "setClipboardSeconds 600"]);
    const { desktop } = backend.view;
    backend.push({ theme: "dark", desktop: desktop && { ...desktop, language: "de" } });
    await waitFor(() => expect(document.body.textContent).toContain("Einstellungen"));
    expect(document.documentElement.dataset.theme).toBe("dark");
    expect(document.documentElement.lang).toBe("de");
  });

  it("show what the doctor finds, the worst first, and fix it", async () => {
    const backend = await open(exampleView("app"));
    await click("nav-settings");
    await click("examine");
    await waitFor(() => expect(find("finding")?.dataset.level).toBe("problem"));
    expect(get("doctor-status").textContent).toContain("2 things");
    await click("fix");
    await waitFor(() => expect(backend.calls.slice(-2)).toEqual(["fix access", "examine false"]));
    await waitFor(() => expect(get("copy-report").getAttribute("aria-busy")).toBe("false"));
    await click("copy-report");
    await waitFor(() => expect(get("toast").textContent).toContain("holds no secret"));
  });
});

describe("the activity", () => {
  it("is told newest first, filtered, and followed as it happens", async () => {
    const backend = await open(exampleView("several"));
    await click("nav-activity");
    await waitFor(() => expect(get("activity-count").textContent).toContain("7 entries"));
    const entry = backend.entries[1]!;
    backend.note({ ...entry, atMs: Date.now(), program: "new.sh", count: 1 });
    await waitFor(() => expect(get("activity-count").textContent).toContain("1 new entry"));
    await fireEvent.change(get("filter-program"), { target: { value: "post.py" } });
    expect(get("activity-entry").textContent).toContain("post.py got a token 118 times");
    await fireEvent.change(get("filter-kind"), { target: { value: "login" } });
    expect(get("activity-count").textContent).toContain("No entry fits");
    await click("clear-filters");
    expect(get("activity-count").textContent).toContain("8 entries");
    await click("nav-settings");
    expect(backend.calls).toContain("leaveActivity");
  });

  it("that can't be read says why and can be read again", async () => {
    const backend = await openOn(new FakeBackend(exampleView("several")));
    backend.rejections.set("activity", problem);
    await click("nav-activity");
    await waitFor(() => expect(get("activity-problem").textContent).toContain(problem.what));
    backend.rejections.clear();
    await click("activity-again");
    await waitFor(() => expect(find("activity-count")).not.toBeNull());
  });
});

describe("a request", () => {
  it.each([
    ["GET", "/2/users/me", ["tweet.read", "users.read"]],
    ["POST", "/2/users/22/likes", ["like.write", "tweet.read", "users.read"]],
    ["GET", "/2/users/22/liked_tweets?max_results=5", ["like.read", "tweet.read", "users.read"]],
    ["GET", "/2/unknown", null],
  ])("%s %s needs its scopes", (method, path, scopes) => {
    expect(endpointOf(method, path)?.scopes ?? null).toEqual(scopes);
  });

  it("with a placeholder, a broken body or a missing scope is explained before it is sent", async () => {
    const backend = await open(exampleView("account"));
    await click("try-request");
    await fireEvent.change(get("request-method"), { target: { value: "POST" } });
    await fireEvent.input(get("request-path"), { target: { value: "/2/users/:id/likes" } });
    expect(get("request-placeholder").textContent).toContain(":id");
    expect(get("request-lacks").textContent).toContain("Like and unlike");
    await fireEvent.input(get("request-path"), { target: { value: "/2/users/22/likes" } });
    await fireEvent.input(get("request-body"), { target: { value: "{" } });
    expect(find("request-body-problem")).not.toBeNull();
    await click("request-send");
    expect(backend.calls.filter((call) => call.startsWith("sendRequest"))).toEqual([]);
    expect(placeholders("/2/a/:b/c?x=:d")).toEqual([":b"]);
  });

  it("to another server than X is not measured by X's scopes", async () => {
    const view = exampleView("account");
    await open({ ...view, apps: [{ ...customApp, id: "a1" }] });
    await click("try-request");
    await fireEvent.input(get("request-path"), { target: { value: "/2/users/22/liked_tweets" } });
    expect(find("request-lacks")).toBeNull();
  });

  it("that lacks a scope is said to, and sent all the same", async () => {
    const backend = await open(exampleView("account"));
    await click("try-request");
    await fireEvent.input(get("request-path"), { target: { value: "/2/users/22/liked_tweets" } });
    expect(get("request-lacks").textContent).toContain("See your likes");
    await click("request-send");
    expect(backend.calls).toContain("sendRequest u1 GET /2/users/22/liked_tweets - ");
  });

  it("that fails shows the Problem and keeps what was typed", async () => {
    const backend = await open(exampleView("account"));
    backend.rejections.set("sendRequest", problem);
    await click("try-request");
    await fireEvent.input(get("request-path"), { target: { value: "/2/tweets/1" } });
    await click("request-send");
    await waitFor(() => expect(get("request-problem").textContent).toContain(problem.what));
    expect((get("request-path") as HTMLInputElement).value).toBe("/2/tweets/1");
  });

  it("fetches only the lines that are looked at", async () => {
    const backend = new FakeBackend(exampleView("account"));
    backend.answer = { ...backend.answer, lines: 500_000 };
    backend.answerText = Array.from({ length: 500_000 }, (_, at) => `line ${at}`);
    const [account] = backend.view.accounts;
    const request = new RequestTry(
      () => backend,
      () => account!,
      () => true,
    );
    await request.send();
    await request.show(250_010, 250_020);
    const fetched = backend.calls.filter((call) => call.startsWith("answerLines"));
    expect(fetched).toEqual(["answerLines 0 200", "answerLines 250000 200"]);
    expect(request.lines.get(250_015)).toBe("line 250015");
  });
});

describe("a browser", () => {
  it("or profile of another name is opened from the waiting screen", async () => {
    const backend = await open(exampleView("waiting"));
    await waitFor(() => expect(document.querySelectorAll("[data-test=open-in]")).toHaveLength(3));
    await click("open-in");
    expect(backend.calls.at(-1)).toBe("openLoginIn chromium.desktop Work");
  });
});

describe("a command", () => {
  it.each([
    ["ada", [{ username: "ada" }], "@ada"],
    ["ada", [{ username: "ada" }, { username: "ada" }], "u1"],
    ["a b; rm", [{ username: "a b; rm" }], "u1"],
    [null, [{ username: null }], "u1"],
  ])("names the account of %s so that it is the right one", (username, all, called) => {
    expect(calledByCommand({ id: "u1", username }, all)).toBe(called);
  });
});

describe("a slow backend", () => {
  it("lets a button act once however often it is clicked", async () => {
    const backend = await open({ ...exampleView("account"), apps: [xApp] });
    let finish = (): void => {};
    backend.refresh = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
    for (let clicks = 0; clicks < 3; clicks += 1) await click("refresh");
    expect(backend.refresh).toHaveBeenCalledTimes(1);
    expect(get("refresh").getAttribute("aria-busy")).toBe("true");
    finish();
    await waitFor(() => expect(get("refresh").getAttribute("aria-busy")).toBe("false"));
  });
});
