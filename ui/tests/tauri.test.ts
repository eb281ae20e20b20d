import { beforeEach, expect, it, vi } from "vitest";

import { problem } from "../src/lib/backend/fake-views";
import { tauriBackend as backend } from "../src/lib/backend/tauri";

const invoke = vi.hoisted(() => vi.fn());
vi.mock("@tauri-apps/api/core", () => ({
  invoke,
  Channel: class {
    onmessage: unknown;
  },
}));

beforeEach(() => {
  invoke.mockReset();
  invoke.mockResolvedValue(null);
});

const app = { name: "Mine", clientId: "abc", clientType: "public" as const };

it.each([
  ["add_x_app", () => backend.addXApp(app), app],
  ["check_client_id", () => backend.checkClientId("abc"), { clientId: "abc" }],
  ["take_client_secret", () => backend.takeClientSecret("a1"), { appId: "a1" }],
  ["remove_app", () => backend.removeApp("a1"), { appId: "a1" }],
  ["try_sandbox", () => backend.trySandbox(), undefined],
  ["log_in", () => backend.logIn("a1"), { appId: "a1" }],
  ["log_in_again", () => backend.logInAgain("u1"), { accountId: "u1" }],
  ["cancel_login", () => backend.cancelLogin(), undefined],
  ["open_login_again", () => backend.openLoginAgain(), undefined],
  ["copy_login_link", () => backend.copyLoginLink(), undefined],
  ["dismiss_login", () => backend.dismissLogin(), undefined],
  ["copy_access_token", () => backend.copyAccessToken("u1"), { accountId: "u1" }],
  ["refresh", () => backend.refresh("u1"), { accountId: "u1" }],
  ["import_xurl", () => backend.importXurl(true, "id"), { remove: true, clientId: "id" }],
  ["make_default", () => backend.makeDefault("u1"), { accountId: "u1" }],
  ["log_out", () => backend.logOut("u1"), { accountId: "u1" }],
  ["start_sandbox", () => backend.startSandbox(), undefined],
  ["remove_sandbox", () => backend.removeSandbox(), undefined],
  ["unlock_vault", () => backend.unlockVault(), undefined],
  ["look_again", () => backend.lookAgain(), undefined],
  ["copy_text", () => backend.copyText("text"), { text: "text" }],
] as [string, () => Promise<unknown>, unknown][])(
  "%s carries what Rust expects",
  async (command, call, details) => {
    await call();

    const [name, sent] = invoke.mock.lastCall as [string, unknown];
    expect(name).toBe(command);
    expect(sent).toEqual(details);
  },
);

it("subscribe hands over a channel that leads to the callback", async () => {
  const onView = vi.fn();

  await backend.subscribe(onView);

  expect(invoke.mock.lastCall).toEqual(["subscribe", { channel: { onmessage: onView } }]);
});

it("a rejection arrives as it is", async () => {
  invoke.mockRejectedValue(problem);

  await expect(backend.logIn("a1")).rejects.toBe(problem);
});
