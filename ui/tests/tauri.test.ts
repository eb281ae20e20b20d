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
  ["log_in", () => backend.logIn("a1"), { appId: "a1", scopes: null }],
  ["log_in", () => backend.logIn("a1", ["users.read"]), { appId: "a1", scopes: ["users.read"] }],
  ["log_in_again", () => backend.logInAgain("u1"), { accountId: "u1", scopes: null }],
  [
    "change_app",
    () => backend.changeApp("a1", { name: "N", clientId: "c", redirectUris: ["u"], scopes: ["s"] }),
    { appId: "a1", name: "N", clientId: "c", redirectUris: ["u"], scopes: ["s"] },
  ],
  ["check_app", () => backend.checkApp("a1"), { appId: "a1" }],
  ["browsers", () => backend.browsers(), undefined],
  ["open_login_in", () => backend.openLoginIn("b"), { browserId: "b" }],
  ["set_theme", () => backend.setTheme("dark"), { theme: "dark" }],
  ["set_clipboard_seconds", () => backend.setClipboardSeconds(30), { seconds: 30 }],
  ["activity", () => backend.activity(), undefined],
  ["leave_activity", () => backend.leaveActivity(), undefined],
  ["examine", () => backend.examine(true), { offline: true }],
  ["fix", () => backend.fix("access"), { check: "access" }],
  ["copy_report", () => backend.copyReport(false), { offline: false }],
  [
    "send_request",
    () =>
      backend.sendRequest("u1", { method: "GET", target: "/2/users/me", body: null, scopes: [] }),
    { accountId: "u1", method: "GET", target: "/2/users/me", body: null, scopes: [] },
  ],
  ["answer_lines", () => backend.answerLines(5, 10), { from: 5, count: 10 }],
  ["copy_answer", () => backend.copyAnswer(), undefined],
  ["cancel_login", () => backend.cancelLogin(), undefined],
  ["open_login_again", () => backend.openLoginAgain(), undefined],
  ["copy_login_link", () => backend.copyLoginLink(), undefined],
  ["dismiss_login", () => backend.dismissLogin(), undefined],
  ["copy_access_token", () => backend.copyAccessToken("u1"), { accountId: "u1" }],
  ["refresh", () => backend.refresh("u1"), { accountId: "u1" }],
  ["import_xurl", () => backend.importXurl(true, "id"), { remove: true, clientId: "id" }],
  ["make_default", () => backend.makeDefault("u1"), { accountId: "u1" }],
  ["log_out", () => backend.logOut("u1"), { accountId: "u1" }],
  ["logouts_read", () => backend.logoutsRead(), undefined],
  ["start_sandbox", () => backend.startSandbox(), undefined],
  ["remove_sandbox", () => backend.removeSandbox(), undefined],
  ["unlock_vault", () => backend.unlockVault(), undefined],
  ["look_again", () => backend.lookAgain(), undefined],
  ["open_console", () => backend.openConsole(), undefined],
  ["quit", () => backend.quit(), undefined],
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
