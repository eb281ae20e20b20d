import { describe, expect, it } from "vitest";

import { asProblem } from "../src/lib/backend/problem";
import { problem, xApp } from "../src/lib/backend/fake-views";
import { scopeOutcomes, scopeWords } from "../src/lib/format/scopes";
import { clockTime, day, expiry, habits, span, timeLeft, timeOfDay } from "../src/lib/format/time";
import { accountTitle, logInWords, revocationWords, stateLook } from "../src/lib/format/words";

const HOUR_MS = 3_600_000;

describe("time", () => {
  it.each([
    [0, "0 s"],
    [-5000, "0 s"],
    [1400, "1 s"],
    [59_000, "59 s"],
    [60_000, "1 min 00 s"],
    [HOUR_MS + 59 * 60_000 + 3000, "1 h 59 min 03 s"],
    [25 * HOUR_MS + 60_000, "1 d 1 h 01 min"],
  ])("a span of %i ms reads %s", (ms, words) => expect(span(ms)).toBe(words));

  it.each([
    [300_000, "5:00"],
    [61_000, "1:01"],
    [300_999, "5:00"],
    [999, "0:00"],
    [-1, "0:00"],
  ])("%i ms left read %s", (ms, words) => expect(timeLeft(ms)).toBe(words));

  it("an expiry counts down, then says expired, and says when it is not known", () => {
    const now = new Date(2026, 0, 2, 12, 0).getTime();

    const left = (expiresAtMs: number | null) => expiry({ expiresAtMs, obtainedAtMs: now }, now).left;
    expect(left(now + 7_200_000)).toBe("in 2 h 00 min 00 s");
    expect(left(now)).toBe("expired");
    expect(left(null)).toBe("not known");
  });

  it("an expiry is not told by a clock that was set back, unless by less than networks do", () => {
    const now = new Date(2026, 0, 2, 12, 0).getTime();
    const token = { expiresAtMs: now + 7_200_000, obtainedAtMs: now };
    expect(expiry(token, now - 60_000).left).toBe("in 2 h 01 min 00 s");
    const told = expiry(token, now - 24 * HOUR_MS);
    expect(told).toEqual({ left: "not known", at: "the clock of this machine was set back since" });
  });

  it("a moment of another day carries its day", () => {
    const now = new Date(2026, 0, 2, 12, 0).getTime();

    const british = habits("en-GB", "en");
    expect(clockTime(now, now, british)).toBe("12:00");
    expect(clockTime(now + 24 * HOUR_MS, now, british)).toContain("3 Jan");
  });

  it.each([
    ["en-US", "en", "2:00 PM", "Jan 3", "Friday January 2 2026"],
    ["en-GB", "en", "14:00", "3 Jan", "Friday 2 January 2026"],
    ["de-AT", "de", "14:00", "3. Jän.", "Freitag 2. Jänner 2026"],
    ["de-DE", "en", "14:00", "Jan 3", "Friday January 2 2026"],
    ["en-US", "de", "14:00", "3. Jan.", "Freitag 2. Januar 2026"],
  ])("on a machine of %s, %s says %s, %s and %s", (machine, spoken, time, other, whole) => {
    const now = new Date(2026, 0, 2, 14, 0).getTime();
    const by = habits(machine, spoken);

    expect(timeOfDay(now, by).replace(/\s/, " ")).toBe(time);
    expect(clockTime(now + 24 * HOUR_MS, now, by)).toContain(other);
    // Versions of the platform differ in commas.
    expect(day(now, by).replaceAll(",", "")).toBe(whole);
  });
});

describe("scopes", () => {
  it("requested ones that were not granted are marked, unasked ones come last", () => {
    const outcomes = scopeOutcomes(["tweet.read", "dm.read"], ["brand.new", "tweet.read"]);

    expect(outcomes.map(({ scope, outcome }) => `${scope} ${outcome}`)).toEqual([
      "tweet.read granted",
      "dm.read missing",
      "brand.new unasked",
    ]);
  });

  it("a scope named twice is listed once", () => {
    expect(scopeOutcomes(["a", "a"], ["b", "b"]).map(({ scope }) => scope)).toEqual(["a", "b"]);
  });

  it.each(["brand.new", "toString", "__proto__"])("%s has no words", (scope) => {
    expect(scopeWords(scope)).toBeNull();
  });
});

describe("words", () => {
  it.each([
    ["ready", "Ready"],
    ["refreshable", "Ready, refreshed on use"],
    ["expired", "Expired"],
    ["log_in_again", "Log in again"],
    ["vault_unavailable", "Keychain not available"],
    ["sandbox_off", "Sandbox not running"],
  ] as const)("state %s reads %s", (state, words) => {
    expect(stateLook(state, { expiresAtMs: null, obtainedAtMs: 0, refreshToken: null }, 0).words).toBe(words);
  });

  it("a token that runs out while the window is open reads expired", () => {
    const token = { expiresAtMs: 1000, obtainedAtMs: 0, refreshToken: null };
    expect(stateLook("ready", token, 999).words).toBe("Ready");
    expect(stateLook("ready", token, 1000).words).toBe("Expired");
    const refreshable = { ...token, refreshToken: "masked" };
    expect(stateLook("ready", refreshable, 1000).words).toBe("Ready, refreshed on use");
    expect(stateLook("ready", refreshable, -24 * HOUR_MS).words).toBe("Ready, refreshed on use");
  });

  it("an account is called by its name, else its username, else says so", () => {
    expect(accountTitle({ name: "Ada", username: "ada" })).toBe("Ada");
    expect(accountTitle({ name: null, username: "ada" })).toBe("@ada");
    expect(accountTitle({ name: null, username: null })).toBe("Name not known yet");
  });

  it("the login button names where it leads", () => {
    expect(logInWords(xApp)).toBe("Log in with X");
    expect(logInWords({ ...xApp, provider: "sandbox" })).toBe("Log in to the sandbox");
    expect(logInWords({ name: "Work", provider: "custom" })).toBe("Log in with Work");
  });

  it("a token that was not revoked is said to stay valid", () => {
    expect(revocationWords({ state: "failed", problem })).toContain("Not revoked");
  });
});

describe("a rejection", () => {
  it("that is a Problem stays what it is", () => expect(asProblem(problem)).toBe(problem));

  it.each([null, undefined, "text", new Error("x"), { code: 1 }])(
    "that is none (%s) becomes one with something to do",
    (rejection) => {
      expect(asProblem(rejection).code).toBe("unexpected");
      expect(asProblem(rejection).hint).not.toBe("");
    },
  );
});
