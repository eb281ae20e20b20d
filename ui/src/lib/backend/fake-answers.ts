import type { ActivityEntry } from "./generated/ActivityEntry";
import type { AnswerView } from "./generated/AnswerView";
import type { BrowserView } from "./generated/BrowserView";
import type { FindingView } from "./generated/FindingView";

/** What the fake backend answers, made up but of the shapes that Rust sends. */

const HOUR_MS = 3_600_000;
/** The moment that the fake views are about. */
const NOW_MS = Date.UTC(2026, 10, 24, 14, 0);

export const installedBrowsers: BrowserView[] = [
  { id: "chromium.desktop Work", name: "Chromium", profile: "Work" },
  { id: "chromium.desktop Person 1", name: "Chromium", profile: "Person 1" },
  { id: "firefox-esr.desktop", name: "Firefox ESR", profile: null },
];

const entry = (change: Partial<ActivityEntry>): ActivityEntry => ({
  atMs: NOW_MS,
  what: "token",
  accountId: "u1",
  account: "Ada Sample (@ada)",
  program: null,
  pid: null,
  count: 1,
  code: null,
  ...change,
});

export const activityEntries: ActivityEntry[] = [
  entry({ atMs: NOW_MS - 26 * HOUR_MS, what: "login" }),
  entry({ atMs: NOW_MS - 25 * HOUR_MS, program: "post.py", pid: 4321, count: 118 }),
  entry({ atMs: NOW_MS - 24 * HOUR_MS, what: "refresh" }),
  entry({ atMs: NOW_MS - 3 * HOUR_MS, what: "failure", code: "offline", program: "cron" }),
  entry({ atMs: NOW_MS - 2 * HOUR_MS, what: "refresh" }),
  entry({ atMs: NOW_MS - HOUR_MS, program: "birdkey", pid: 777, count: 2 }),
  entry({ what: "import", accountId: "u2", account: "@grace" }),
];

export const doctorFindings: FindingView[] = [
  finding("files", "ok", "The configuration and the list of accounts can be read."),
  finding("access", "warning", "Others on this machine can look into ~/.local/share/birdkey.", {
    hint: "Close the folder: chmod 700.",
    canFix: true,
  }),
  finding("vault", "ok", "Secret Service: storing, reading and removing took 4 ms."),
  finding("registration", "problem", "X does not know this client id.", {
    about: "My bot",
    hint: "Copy the OAuth 2.0 client id again from the developer console.",
    code: "client_id_wrong",
  }),
  finding("redirect_uris", "note", "Registered at x.com have to be three addresses.", {
    about: "My bot",
  }),
];

function finding(
  check: FindingView["check"],
  level: FindingView["level"],
  what: string,
  more: Partial<FindingView> = {},
): FindingView {
  return { check, level, what, about: null, hint: null, code: null, canFix: false, ...more };
}

export const answerText: string[] = [
  "{",
  '  "data": {',
  '    "id": "2244994945",',
  '    "name": "Ada Sample",',
  '    "username": "ada"',
  "  }",
  "}",
];

export const answerView: AnswerView = {
  status: 200,
  milliseconds: 184,
  bytes: 86,
  lines: answerText.length,
  isJson: true,
  isCut: false,
  contentType: "application/json; charset=utf-8",
  rateLimit: { limit: 75, remaining: 71, resetsAtMs: NOW_MS + 10 * 60_000 },
  problem: null,
};
