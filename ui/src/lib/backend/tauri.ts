import { Channel, invoke as invokeAny, type InvokeArgs } from "@tauri-apps/api/core";

import type { Backend } from "./backend";
import type { CommandName } from "./generated/CommandName";
import type { View } from "./generated/View";

/** Only what Rust has; its list of commands makes the type. */
const invoke = <T>(command: CommandName, args?: InvokeArgs): Promise<T> => invokeAny<T>(command, args);

/** The backend inside the window: the only place that calls into Rust. */
export const tauriBackend: Backend = {
  subscribe(onView) {
    const channel = new Channel<View>();
    channel.onmessage = onView;
    return invoke("subscribe", { channel });
  },
  addXApp: ({ name, clientId, clientType }) =>
    invoke("add_x_app", { name, clientId, clientType }),
  checkClientId: (clientId) => invoke("check_client_id", { clientId }),
  takeClientSecret: (appId) => invoke("take_client_secret", { appId }),
  removeApp: (appId) => invoke("remove_app", { appId }),
  trySandbox: () => invoke("try_sandbox"),
  changeApp: (appId, change) => invoke("change_app", { appId, ...change }),
  checkApp: (appId) => invoke("check_app", { appId }),
  logIn: (appId, scopes) => invoke("log_in", { appId, scopes: scopes ?? null }),
  logInAgain: (accountId, scopes) =>
    invoke("log_in_again", { accountId, scopes: scopes ?? null }),
  browsers: () => invoke("browsers"),
  openLoginIn: (browserId) => invoke("open_login_in", { browserId }),
  cancelLogin: () => invoke("cancel_login"),
  openLoginAgain: () => invoke("open_login_again"),
  copyLoginLink: () => invoke("copy_login_link"),
  dismissLogin: () => invoke("dismiss_login"),
  copyAccessToken: (accountId) => invoke("copy_access_token", { accountId }),
  refresh: (accountId) => invoke("refresh", { accountId }),
  importXurl: (remove, clientId) => invoke("import_xurl", { remove, clientId }),
  makeDefault: (accountId) => invoke("make_default", { accountId }),
  logOut: (accountId) => invoke("log_out", { accountId }),
  logoutsRead: () => invoke("logouts_read"),
  startSandbox: () => invoke("start_sandbox"),
  removeSandbox: () => invoke("remove_sandbox"),
  unlockVault: () => invoke("unlock_vault"),
  lookAgain: () => invoke("look_again"),
  setKeepFresh: (on) => invoke("set_keep_fresh", { on }),
  setNotify: (on) => invoke("set_notify", { on }),
  setTheme: (theme) => invoke("set_theme", { theme }),
  setLanguage: (language) => invoke("set_language", { language }),
  setClipboardSeconds: (seconds) => invoke("set_clipboard_seconds", { seconds }),
  setStartAtLogin: (on) => invoke("set_start_at_login", { on }),
  testDeepLink: () => invoke("test_deep_link"),
  useDeepLink: (appId, on) => invoke("use_deep_link", { appId, on }),
  openLog: () => invoke("open_log"),
  openConsole: () => invoke("open_console"),
  quit: () => invoke("quit"),
  restart: () => invoke("restart"),
  copyText: (text) => invoke("copy_text", { text }),
  activity: () => invoke("activity"),
  watchActivity(onChange) {
    const channel = new Channel<null>();
    channel.onmessage = onChange;
    return invoke("watch_activity", { channel });
  },
  leaveActivity: () => invoke("leave_activity"),
  examine: (offline) => invoke("examine", { offline }),
  fix: (check) => invoke("fix", { check }),
  copyReport: (offline) => invoke("copy_report", { offline }),
  sendRequest: (accountId, request) => invoke("send_request", { accountId, ...request }),
  answerLines: (from, count) => invoke("answer_lines", { from, count }),
  copyAnswer: () => invoke("copy_answer"),
};
