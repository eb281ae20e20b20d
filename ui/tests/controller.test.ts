import { describe, expect, it, vi } from "vitest";

import { FakeBackend, type Call } from "../src/lib/backend/fake";
import {
  emptyView,
  exampleAccount,
  exampleLogin,
  exampleView,
  problem,
  xApp,
} from "../src/lib/backend/fake-views";
import type { Problem } from "../src/lib/backend/generated/Problem";
import type { View } from "../src/lib/backend/generated/View";
import { Controller } from "../src/lib/controller.svelte";

async function started(view: View) {
  const backend = new FakeBackend(view);
  const controller = new Controller(backend);
  await controller.start();
  return { backend, controller };
}

const xForm = { name: "Mine", clientId: "abc", clientType: "public" as const };

describe("views", () => {
  it("an older revision is ignored", async () => {
    const { controller } = await started({ ...exampleView("account"), revision: 7 });

    controller.receive({ ...emptyView, revision: 6 });

    expect(controller.screen.kind).toBe("account");
  });

  it("a newer revision replaces what is shown", async () => {
    const { backend, controller } = await started(exampleView("app"));

    backend.push({ login: exampleLogin() });

    expect(controller.screen.kind).toBe("waiting");
  });

  it("a finished login leads to its account and is dismissed once", async () => {
    const { backend, controller } = await started(exampleView("several"));
    const login = { ...exampleLogin(), stage: "done" as const, accountId: "u2" };

    backend.push({ login });
    backend.push({ login });

    expect(controller.screen).toMatchObject({ kind: "account", account: { id: "u2" } });
    expect(backend.calls.filter((call) => call === "dismissLogin")).toHaveLength(1);
  });

  it("an account that is gone gives way to the first one left", async () => {
    const { backend, controller } = await started(exampleView("several"));
    controller.choose({ kind: "account", id: "u2" });

    backend.push({ accounts: [exampleAccount()] });

    expect(controller.screen).toMatchObject({ kind: "account", account: { id: "u1" } });
  });

  it("nothing but a broken configuration is not a first run", async () => {
    const { controller } = await started(exampleView("broken-config"));

    expect(controller.screen.kind).toBe("unusable");
  });
});

describe("actions", () => {
  const actions: [Call, (controller: Controller) => Promise<void>][] = [
    ["addXApp", (it) => it.addXApp(xForm)],
    ["takeClientSecret", (it) => it.takeClientSecret("a1")],
    ["removeApp", (it) => it.removeApp("a1")],
    ["trySandbox", (it) => it.trySandbox()],
    ["logIn", (it) => it.logIn("a1")],
    ["logInAgain", (it) => it.logInAgain("u1")],
    ["cancelLogin", (it) => it.cancelLogin()],
    ["openLoginAgain", (it) => it.openLoginAgain()],
    ["copyLoginLink", (it) => it.copyLoginLink()],
    ["dismissLogin", (it) => it.dismissLogin()],
    ["copyAccessToken", (it) => it.copyAccessToken("u1")],
    ["refresh", (it) => it.refresh("u1")],
    ["importXurl", (it) => it.importXurl(true, null)],
    ["makeDefault", (it) => it.makeDefault("u1")],
    ["logOut", (it) => it.logOut("u1")],
    ["startSandbox", (it) => it.startSandbox()],
    ["removeSandbox", (it) => it.removeSandbox()],
    ["unlockVault", (it) => it.unlockVault()],
    ["lookAgain", (it) => it.lookAgain()],
    ["lookAgain", (it) => it.returned()],
    ["copyText", (it) => it.copyText("text")],
  ];

  it.each(actions)("%s, when rejected, shows its Problem and can be tried again", async (call, act) => {
    const { backend, controller } = await started(exampleView("account"));
    backend.rejections.set(call, problem);

    await act(controller);

    expect(controller.problem).toEqual(problem);
    expect(controller.pending.size).toBe(0);
    expect(controller.toast).toBe("");
  });

  it.each(actions)("%s asked for twice at once is done once", async (call, act) => {
    const { backend, controller } = await started(exampleView("account"));

    await Promise.all([act(controller), act(controller)]);

    expect(backend.calls.filter((made) => made.split(" ")[0] === call)).toHaveLength(1);
  });

  it("a login that failed is tried again for the same account", async () => {
    const { backend, controller } = await started(exampleView("account"));

    await controller.retryLogin(exampleLogin());
    await controller.retryLogin({ ...exampleLogin(), wantedAccountId: "u1" });

    expect(backend.calls).toEqual(["logIn a1", "logInAgain u1"]);
  });

  it("another user than the one asked for is said at the account that came", async () => {
    const { backend, controller } = await started(exampleView("account"));

    backend.push({
      login: { ...exampleLogin(), stage: "done", accountId: "u1", notRenewed: problem },
    });
    await vi.waitFor(() => expect(controller.problem).toEqual(problem));

    expect(controller.screen.kind).toBe("account");
  });

  it("a rejected subscription is a screen of its own that can be tried again", async () => {
    const backend = new FakeBackend(exampleView("account"));
    backend.rejections.set("subscribe", problem);
    const controller = new Controller(backend);

    await controller.start();
    expect(controller.screen).toEqual({ kind: "unusable", problem });

    backend.rejections.clear();
    await controller.start();
    expect(controller.screen.kind).toBe("account");
  });

  it("the next action clears the Problem of the last, a return to the window does not", async () => {
    const { backend, controller } = await started(exampleView("account"));
    backend.rejections.set("copyAccessToken", problem);
    await controller.copyAccessToken("u1");

    await controller.returned();
    expect(controller.problem).toEqual(problem);

    await controller.copyText("text");
    expect(controller.problem).toBeNull();
  });

  it("a saved confidential app asks for its secret, a public one offers the login", async () => {
    const { controller } = await started({ ...emptyView, apps: [xApp] });

    await controller.addXApp({ ...xForm, clientType: "confidential" });
    expect(controller.screen.kind).toBe("take-secret");

    await controller.addXApp(xForm);
    expect(controller.screen.kind).toBe("app");
  });

  it("a logout ends in its result, and that gives way to what is left", async () => {
    const { backend, controller } = await started(exampleView("account"));

    await controller.logOut("u1");
    backend.push({ accounts: [] });
    expect(controller.screen.kind).toBe("logged-out");
    expect(backend.calls).toEqual(["logOut u1"]);

    controller.choose(null);
    expect(controller.screen.kind).toBe("app");
    expect(backend.calls).toEqual(["logOut u1", "logoutsRead"]);
  });

  it("a confirmation goes by itself", async () => {
    vi.useFakeTimers();
    const { controller } = await started(exampleView("account"));

    await controller.copyText("text");
    expect(controller.toast).toBe("Copied.");
    vi.advanceTimersByTime(10_000);

    expect(controller.toast).toBe("");
    vi.useRealTimers();
  });
});

describe("the client id", () => {
  it("is explained while typed, and only the answer to the newest text counts", async () => {
    const { backend, controller } = await started(emptyView);
    const answers: ((answer: Problem | null) => void)[] = [];
    backend.checkClientId = () => new Promise((resolve) => answers.push(resolve));
    const older = controller.checkClientId("an api key");
    const newest = controller.checkClientId("a client id");

    answers[1]?.(null);
    answers[0]?.(problem);
    await Promise.all([older, newest]);

    expect(controller.clientIdProblem).toBeNull();
  });

  it("is not checked while empty", async () => {
    const { backend, controller } = await started(emptyView);

    await controller.checkClientId("   ");

    expect(backend.calls).toEqual([]);
    expect(controller.clientIdProblem).toBeNull();
  });

  it("shows the Problem of a check that itself was rejected", async () => {
    const { backend, controller } = await started(emptyView);
    backend.rejections.set("checkClientId", problem);

    await controller.checkClientId("abc");

    expect(controller.clientIdProblem).toEqual(problem);
  });
});
