import { cleanup, fireEvent, waitFor } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";

import {
  desktop,
  emptyView,
  exampleView,
  examples,
  problem,
  xApp,
  type ExampleName,
} from "../src/lib/backend/fake-views";
import { click, find, get, open } from "./window";

afterEach(cleanup);

describe("every state", () => {
  const marks: [ExampleName, string[]][] = [
    ["first-run", ["try-sandbox", "set-up-x"]],
    ["first-run-xurl", ["xurl", "import-xurl"]],
    ["app", ["log-in", "client-id", "remove-app"]],
    ["app-confidential", ["log-in", "change-secret"]],
    ["waiting", ["waiting", "time-left", "open-again", "copy-link", "cancel"]],
    ["nothing-came-back", ["nothing-came-back", "waiting-redirect-uri", "waiting-client-id"]],
    ["no-browser", ["waiting", "problem", "copy-link"]],
    ["exchanging", ["waiting"]],
    ["login-failed", ["problem", "problem-what", "problem-why", "problem-hint", "try-again", "back"]],
    ["login-elsewhere", ["problem-line", "copy-problem-line", "log-in-all-the-same", "back"]],
    ["account", ["account", "expiry", "scopes", "vault", "copy-token", "log-out", "command"]],
    ["name-unknown", ["account-name", "problem"]],
    ["scopes-missing", ["scopes"]],
    ["refreshable", ["copy-token", "refresh"]],
    ["expired", ["log-in-again"]],
    ["log-in-again", ["log-in-again", "problem"]],
    ["vault-locked", ["unlock", "problem"]],
    ["blocked", ["problem", "look-again"]],
    ["sandbox-off", ["start-sandbox", "problem", "nav-sandbox"]],
    ["several", ["nav-account", "nav-app", "nav-sandbox", "nav-add"]],
    ["many", ["search-accounts", "found-accounts", "nav-account"]],
    ["broken-config", ["problem", "look-again"]],
    ["broken-with-accounts", ["view-problem", "account"]],
    ["notices", ["notices", "notice", "dismiss-notice", "problem-line", "account"]],
    ["remarks", ["notices", "remark", "dismiss-remark", "account"]],
  ];

  it.each(marks)("%s shows what it has to", async (name, tests) => {
    await open(exampleView(name));

    for (const test of tests) expect(find(test), test).not.toBeNull();
    expect(document.querySelectorAll("h1")).toHaveLength(1);
    expect(document.activeElement?.tagName).toBe("H1");
    expect(document.body.textContent).toContain("Not affiliated with or endorsed by X Corp.");
  });

  it("is in the table above", () => {
    expect(marks.map(([name]) => name)).toEqual(Object.keys(examples));
  });
});

describe("settings", () => {
  it("change what they say, and only when Rust says so", async () => {
    const backend = await open(exampleView("several"));
    await click("nav-settings");
    for (const name of ["keep-fresh", "notify", "start-at-login"]) {
      const before = (get(name) as HTMLInputElement).checked;
      await click(name);
      expect((get(name) as HTMLInputElement).checked, name).toBe(before);
    }
    expect(backend.calls.slice(-3)).toEqual([
      "setKeepFresh false",
      "setNotify false",
      "setStartAtLogin true",
    ]);
    backend.push({ keepsFresh: false });
    await waitFor(() => expect((get("keep-fresh") as HTMLInputElement).checked).toBe(false));
  });

  it("offer the link only after it came back", async () => {
    const backend = await open({ ...exampleView("several"), desktop });
    await click("nav-settings");
    expect(find("use-deep-link")).toBeNull();
    await click("test-deep-link");
    backend.push({ desktop: { ...desktop, deepLink: "failed", deepLinkProblem: problem } });
    await waitFor(() => expect(get("deep-link-state").textContent).toContain("do not work"));
    expect(find("problem")).not.toBeNull();
    expect(find("use-deep-link")).toBeNull();
    backend.push({ desktop: { ...desktop, deepLink: "works" } });
    await waitFor(() => expect(find("use-deep-link")).not.toBeNull());
    await click("use-deep-link");
    expect(backend.calls.slice(-2)).toEqual(["testDeepLink", "useDeepLink a1 true"]);
  });

  it("say which version runs, open the log and restart a newer one", async () => {
    const backend = await open({ ...exampleView("account"), desktop: { ...desktop, newerInstalled: true } });
    await click("restart");
    await click("nav-settings");
    expect(get("version").textContent).toBe("Version 0.1.0");
    await click("open-log");
    expect(backend.calls).toEqual(["restart", "openLog"]);
  });

  it("are reached and left before anything is set up", async () => {
    await open(emptyView);
    await click("open-settings");
    expect(find("settings")).not.toBeNull();
    await click("back");
    expect(find("try-sandbox")).not.toBeNull();
  });
});

describe("set up with X", () => {
  it("explains an API key in its place, at the field alone", async () => {
    const backend = await open(emptyView);
    backend.clientIdAnswer = problem;
    await click("set-up-x");
    await fireEvent.input(get("x-client-id"), { target: { value: "  some-id\n" } });
    await waitFor(() => expect(find("client-id-problem")).not.toBeNull());

    await click("x-save");
    expect(document.activeElement).toBe(get("x-client-id"));
    expect(find("dismiss-problem")).toBeNull();
    expect(backend.calls.filter((call) => call.startsWith("addXApp"))).toEqual([]);
    localStorage.clear();
  });

  it("saves what is right once, trimmed", async () => {
    const backend = await open(emptyView);
    await click("set-up-x");
    await fireEvent.input(get("x-client-id"), { target: { value: "  some-id\n" } });
    const save = get("x-save");
    await Promise.all([fireEvent.click(save), fireEvent.click(save)]);
    const saved = () => backend.calls.filter((call) => call.startsWith("addXApp"));
    await waitFor(() => expect(saved()).toEqual(["addXApp X some-id public"]));
  });

  it("asks for a client id before it saves", async () => {
    const backend = await open(emptyView);
    await click("set-up-x");

    await click("x-save");

    expect(backend.calls).toEqual([]);
    expect(get("x-client-id").getAttribute("aria-invalid")).toBe("true");
  });

  it("copies each redirect URI exactly", async () => {
    const backend = await open(emptyView);
    await click("set-up-x");

    for (const button of document.querySelectorAll('[data-test="copy-uri"]')) {
      await fireEvent.click(button);
    }

    expect(backend.calls).toEqual(emptyView.xRedirectUris.map((uri) => `copyText ${uri}`));
  });

  it("goes on to the secret for a confidential app", async () => {
    const backend = await open(emptyView);
    await click("set-up-x");
    await fireEvent.click(get("x-type-confidential"));
    await fireEvent.input(get("x-client-id"), { target: { value: "some-id" } });
    backend.push({ apps: [xApp] });

    await click("x-save");
    await waitFor(() => get("take-secret"));
    await click("take-secret");

    expect(backend.calls).toContain("takeClientSecret a1");
    await waitFor(() => get("log-in"));
  });
});

describe("buttons", () => {
  it("a double click acts once", async () => {
    const backend = await open(exampleView("app"));
    const button = get("log-in");

    await fireEvent.click(button);
    await fireEvent.click(button);

    expect(backend.calls).toEqual(["logIn a1"]);
  });

  it("a rejected call shows its Problem, which can be dismissed", async () => {
    const backend = await open(exampleView("account"));
    backend.rejections.set("copyAccessToken", problem);

    await click("copy-token");
    await waitFor(() => expect(get("problem-what").textContent).toBe(problem.what));
    await click("dismiss-problem");

    expect(find("problem")).toBeNull();
  });

  it("a Problem that the account shows itself is shown once, with what fixes it", async () => {
    const locked = exampleView("vault-locked");
    const backend = await open(locked);
    backend.rejections.set("copyAccessToken", locked.accounts[0]!.problem!);

    await click("copy-token");
    await waitFor(() => expect(get("copy-token").ariaBusy).not.toBe("true"));

    expect(document.querySelectorAll('[data-test="problem"]')).toHaveLength(1);
    expect(find("unlock")).not.toBeNull();
  });

  it("a return to the window reads everything again", async () => {
    const backend = await open(exampleView("account"));

    await fireEvent.focus(window);

    expect(backend.calls).toEqual(["lookAgain"]);
  });
});

describe("xurl", () => {
  it("is taken over after a word about what that means", async () => {
    const backend = await open(exampleView("first-run-xurl"));
    expect(get("xurl").textContent).toContain("@ada_sample, @grace");
    await click("import-xurl");
    expect(backend.calls).toEqual([]);
    expect(get("confirm").textContent).toContain("works once");
    await click("xurl-remove");
    await click("confirm-yes");
    expect(backend.calls).toEqual(["importXurl false"]);
  });
});

describe("xurl, beside an account", () => {
  it("asks for the client id where its file has none, and says what came of it", async () => {
    const xurl = { ...exampleView("first-run-xurl").xurl!, clientIds: [] };
    const backend = await open({ ...exampleView("account"), xurl });
    backend.imported = { taken: [], known: ["@ada"], unclear: [] };
    await click("nav-add");
    await fireEvent.input(get("xurl-client-id"), { target: { value: " some-id " } });
    await click("import-xurl");
    await click("confirm-yes");
    expect(backend.calls).toEqual(["importXurl true some-id"]);
    await waitFor(() => expect(document.body.textContent).toContain("@ada here works"));
  });
});

describe("several accounts", () => {
  it("offers to make an account the default one, and says which is", async () => {
    const backend = await open(exampleView("several"));
    const [first, second] = document.querySelectorAll<HTMLElement>('[data-test="nav-account"]');
    if (first) await fireEvent.click(first);
    await click("make-default");
    expect(backend.calls).toContain("makeDefault u1");
    if (second) await fireEvent.click(second);
    expect(get("is-default").textContent).toContain("default account");
    expect(find("make-default")).toBeNull();
  });
});

describe("log out", () => {
  it("asks first, and cancel leaves the account alone", async () => {
    const backend = await open(exampleView("account"));

    await click("log-out");
    await click("confirm-no");

    expect(find("confirm")).toBeNull();
    expect(backend.calls).toEqual([]);
  });

  it("says that a half is told to the provider later", async () => {
    const backend = await open(exampleView("account"));
    backend.accessTokenRevocation = { state: "waiting", problem };
    await click("log-out");
    await click("confirm-yes");
    await waitFor(() => expect(get("logout-access-token").textContent).toContain("tries again by itself"));
  });

  it("says which half failed", async () => {
    const backend = await open(exampleView("account"));
    backend.logOut = async () => ({
      account: "Ada",
      refreshToken: { state: "revoked" },
      accessToken: { state: "failed", problem },
      newerTokens: null,
      hint: null,
    });

    await click("log-out");
    await click("confirm-yes");

    await waitFor(() => get("logout-result"));
    expect(get("logout-refresh-token").dataset["outcome"]).toBe("revoked");
    expect(get("logout-access-token").dataset["outcome"]).toBe("failed");
    expect(get("logout-access-token").textContent).toContain(problem.what);
  });
});

describe("the account", () => {
  it("marks a scope that was asked for and not granted, in words", async () => {
    await open(exampleView("scopes-missing"));

    const missing = document.querySelector('[data-scope="dm.read"]');
    expect(missing?.textContent).toContain("asked for, not granted");
    expect(get("refresh-token").textContent).toContain("None: this login lasts 2 hours");
  });

  it("moves the focus to the heading of another account", async () => {
    await open(exampleView("several"));

    const second = document.querySelectorAll('[data-test="nav-account"]')[1];
    await fireEvent.click(second as Element);

    expect(document.activeElement?.textContent?.trim()).toBe("Demo Two");
  });

  it("keeps the focus where it is when only its view changes", async () => {
    const backend = await open(exampleView("account"));
    get("log-out").focus();

    backend.push({ vault: "another keychain" });
    await waitFor(() => expect(get("vault").textContent).toBe("another keychain"));

    expect(document.activeElement).toBe(get("log-out"));
  });
});

describe("the sandbox", () => {
  it("is removed only after a confirmation, and says that it is not X", async () => {
    const backend = await open(exampleView("several"));
    await click("nav-sandbox");
    expect(get("sandbox").textContent).toContain("This is not X.");

    await click("remove-sandbox");
    expect(backend.calls).toEqual([]);
    await click("confirm-yes");

    expect(backend.calls).toEqual(["removeSandbox"]);
  });
});
