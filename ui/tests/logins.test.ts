/** What there is to say about logins besides their accounts, and how the window shows it. */
import { cleanup, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, describe, expect, it } from "vitest";

import {
  accountElsewhere,
  accountRenewed,
  away,
  elsewhereLine,
  locksUnusable,
  loginCutOff,
  logoutHeldBack,
  newerTokens,
  refreshUnanswered,
  userUnconfirmed,
} from "../src/lib/backend/fake-problems";
import { exampleAccount, exampleLogin, exampleView } from "../src/lib/backend/fake-views";
import { hintOf } from "../src/lib/format/problems";
import { stateLook } from "../src/lib/format/words";
import { setLanguage } from "../src/lib/language/language.svelte";
import { click, find, get, open } from "./window";

afterEach(() => {
  cleanup();
  setLanguage("en");
});

const all = (test: string) => [...document.querySelectorAll<HTMLElement>(`[data-test="${test}"]`)];
const codes = (test: string) => all(test).map((it) => it.dataset["code"]);

describe("an account that this machine blocks", () => {
  it("says what blocks it and offers to look again, but nothing to unlock and no login", async () => {
    const backend = await open(exampleView("blocked"));
    expect(get("problem").textContent).toContain(locksUnusable.what);
    expect(["unlock", "log-in-again", "renew", "try-request"].filter(find)).toEqual([]);
    await click("look-again");
    expect(backend.calls).toContain("lookAgain");
  });

  it("is marked as bad, in words", () => {
    const { token } = exampleAccount();
    expect(stateLook("blocked", token, Date.now())).toEqual({ words: "Can't be used now", tone: "bad" });
  });
});

describe("notices", () => {
  it("are shown once each above the content, named and read out for the ear", async () => {
    const notices = [loginCutOff, logoutHeldBack, { ...loginCutOff }];
    await open({ ...exampleView("account"), notices });
    expect(codes("notice")).toEqual(["login_cut_off", "logout_held_back"]);
    expect(get("notices").getAttribute("aria-label")).toBe("Notices");
    expect(get("notices-said").getAttribute("aria-live")).toBe("polite");
    expect(get("notices-said").textContent).toContain(logoutHeldBack.what);
    const account = get("account");
    expect(get("notices").compareDocumentPosition(account)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  });

  it("of logins that were cut off are dismissed by what the doctor does about leftovers", async () => {
    const backend = await open(exampleView("notices"));
    expect(all("dismiss-notice")).toHaveLength(1);
    backend.push({ notices: [loginCutOff, newerTokens] });
    await waitFor(() => expect(all("dismiss-notice")).toHaveLength(2));
    expect(get("dismiss-notice").getAttribute("aria-label")).toBe(`Dismiss: ${loginCutOff.what}`);
    await click("dismiss-notice");
    expect(backend.calls.at(-1)).toBe("fix leftovers");
    backend.push({ notices: [logoutHeldBack] });
    await waitFor(() => expect(codes("notice")).toEqual(["logout_held_back"]));
  });

  it("go when they no longer hold, and leave no empty region", async () => {
    const backend = await open(exampleView("notices"));
    backend.push({ notices: [] });
    await waitFor(() => expect(find("notices")).toBeNull());
  });

  it("are named in German, too", async () => {
    const view = exampleView("notices");
    await open({ ...view, desktop: { ...view.desktop!, language: "de" } });
    await waitFor(() => expect(get("notices").getAttribute("aria-label")).toBe("Hinweise"));
    expect(get("dismiss-notice").textContent).toContain("Ausblenden");
  });

  it("give the line for a shell to be copied", async () => {
    const backend = await open({ ...exampleView("account"), notices: [accountElsewhere] });
    expect(get("problem-line").textContent).toBe(elsewhereLine);
    expect(get("problem-hint").textContent).toBe("To use those logins here, run:");
    await click("copy-problem-line");
    expect(backend.calls.at(-1)).toBe(`copyText ${elsewhereLine}`);
  });
});

describe("a hint", () => {
  it("has a line only where one is known to be in it", () => {
    expect(hintOf({ ...accountElsewhere, hint: "Ausführen: export A_B=/c D='e f'" })).toEqual({
      words: "Ausführen:",
      line: "export A_B=/c D='e f'",
    });
    expect(hintOf({ ...accountElsewhere, hint: "Open the other terminal." }).line).toBeNull();
    expect(hintOf({ ...loginCutOff, hint: "Say export A=b" })).toEqual({ words: "Say export A=b", line: null });
  });
});

describe("what a finished login has to say besides", () => {
  const finished = { ...exampleLogin(), stage: "done" as const, accountId: "u1" };

  it("stays until it is dismissed, whatever the person does meanwhile", async () => {
    const backend = await open(exampleView("account"));
    backend.push({ login: { ...finished, remarks: [accountRenewed] } });
    await waitFor(() => get("remark"));
    backend.push({ login: null });
    await click("refresh");
    await click("nav-settings");
    await click("nav-account");
    expect(codes("remark")).toEqual(["account_renewed"]);
    await click("dismiss-remark");
    await tick();
    expect(find("remark")).toBeNull();
  });

  it("is kept from two logins, each thing once", async () => {
    const backend = await open(exampleView("account"));
    backend.push({ login: { ...finished, remarks: [accountRenewed] } });
    backend.push({ login: null });
    backend.push({ login: { ...finished, remarks: [newerTokens, accountRenewed] } });
    await waitFor(() => expect(codes("remark")).toEqual(["account_renewed", "newer_tokens_may_live"]));
  });

  it("is shown once when a notice says the same", async () => {
    const backend = await open(exampleView("account"));
    const notices = [logoutHeldBack];
    backend.push({ login: { ...finished, remarks: [logoutHeldBack] }, notices });
    await waitFor(() => expect(codes("notice")).toEqual(["logout_held_back"]));
    expect(find("remark")).toBeNull();
  });

  it("is not lost where the user could not be confirmed, which offers no other login", async () => {
    const backend = await open(exampleView("several"));
    backend.push({
      login: { ...finished, wantedAccountId: "u1", accountId: "u2", notRenewed: userUnconfirmed, remarks: [newerTokens] },
    });
    backend.push({ login: null });
    await waitFor(() => expect(codes("problem")).toContain("user_unconfirmed"));
    expect(find("log-in-wanted")).toBeNull();
    expect(codes("remark")).toEqual(["newer_tokens_may_live"]);
  });
});

describe("a login that could end one kept elsewhere", () => {
  it("goes on when it is asked for a second time", async () => {
    const backend = await open(exampleView("login-elsewhere"));
    expect(get("problem-line").textContent).toBe(elsewhereLine);
    expect(get("log-in-all-the-same").textContent).toContain("Log in all the same");
    await click("log-in-all-the-same");
    expect(backend.calls).toEqual(["logIn a1"]);
  });
});

describe("a logout", () => {
  it("says that newer tokens may live, and how to end what is not revoked once", async () => {
    const backend = await open(exampleView("account"));
    Object.assign(backend, { newerTokens, hint: newerTokens.hint });
    await click("log-out");
    await click("confirm-yes");
    await waitFor(() => expect(get("newer-tokens").textContent).toContain(newerTokens.what));
    expect(document.querySelector("h1")!.textContent).toContain("not fully at the provider");
    expect(find("logout-hint")).toBeNull();
  });

  it("says how to end tokens that are not revoked", async () => {
    const backend = await open(exampleView("account"));
    backend.accessTokenRevocation = { state: "unsupported" };
    backend.hint = "Remove the access at X.";
    await click("log-out");
    await click("confirm-yes");
    await waitFor(() => expect(get("logout-hint").textContent).toBe("Remove the access at X."));
  });
});

describe("removing", () => {
  const waiting = { state: "waiting" as const, problem: away };

  it("an app while its server is away says what waits, for each account", async () => {
    const backend = await open(exampleView("account"));
    backend.loggedOutWithApp = ["Ada", "Grace"];
    backend.accessTokenRevocation = waiting;
    await click("nav-settings");
    await click("settings-remove-app");
    await click("confirm-yes");
    await waitFor(() => expect(all("logged-out-account")).toHaveLength(2));
    expect(get("removed").textContent).toBe("The app is removed.");
    expect(get("logged-out-account").textContent).toContain("Ada");
    expect(get("logout-access-token").textContent).toContain(away.what);
    await click("done");
    await waitFor(() => expect(find("logout-result")).toBeNull());
  });

  it("an app whose tokens are all revoked says no more than that it is removed", async () => {
    const backend = await open(exampleView("account"));
    backend.loggedOutWithApp = ["Ada"];
    await click("nav-settings");
    await click("settings-remove-app");
    await click("confirm-yes");
    await waitFor(() => expect(get("toast").textContent).toBe("The app is removed."));
    expect(find("logout-result")).toBeNull();
  });

  it("the sandbox while it is off says what waits", async () => {
    const backend = await open(exampleView("several"));
    backend.loggedOutWithApp = ["Demo Two"];
    backend.accessTokenRevocation = waiting;
    await click("nav-sandbox");
    await click("remove-sandbox");
    await click("confirm-yes");
    await waitFor(() => expect(get("logged-out-account").textContent).toContain("Demo Two"));
    expect(get("removed").textContent).toBe("The sandbox is removed.");
  });
});

describe("a copied token that the server may have replaced", () => {
  it("is copied, and that is said with the warning", async () => {
    const backend = await open(exampleView("account"));
    backend.copyWarning = refreshUnanswered;
    await click("copy-token");
    await waitFor(() => expect(codes("problem")).toEqual(["refresh_unanswered"]));
    expect(get("toast").textContent).toContain("Access token copied.");
    backend.copyWarning = null;
  });
});
