import { afterAll, beforeAll, expect, it } from "vitest";

import { stage, type Stage } from "./chromium";
import { act, focused, shows, tabTo } from "./keys";

let window: Stage;
beforeAll(async () => {
  window = await stage();
});
afterAll(() => window.close());

it("an app is set up, checked and logged in through with the keyboard alone", async () => {
  const page = await window.open("screen=first-run");
  await act(page, "set-up-x");
  await shows(page, "set-up");
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  await tabTo(page, "x-client-id");
  await page.keyboard.type("Rk1uZXdzcm9vbS1leGFtcGxlOjE6Y2k");
  await act(page, "x-save");
  const app = await window.open("screen=app");
  await act(app, "check-app");
  await shows(app, "checked");
  await act(app, "choose-scopes");
  await act(app, "scope-tweet.write", "Space");
  expect(await app.textContent('[data-test="scopes-consent"]')).toContain("Post and repost");
  await act(app, "scopes-log-in");
});

it("a half-filled form is there again after it was left", async () => {
  const page = await window.open("screen=first-run&click=set-up-x");
  await tabTo(page, "x-client-id");
  await page.keyboard.type("half-typed");
  await act(page, "back");
  await shows(page, "first-run");
  await act(page, "set-up-x");
  await shows(page, "set-up");
  expect(await page.inputValue('[data-test="x-client-id"]')).toBe("half-typed");
  await page.reload();
  await act(page, "set-up-x");
  await shows(page, "set-up");
  expect(await page.inputValue('[data-test="x-client-id"]')).toBe("half-typed");
});

it("a dialog keeps the focus, gives it back when it is left, and logs out by Enter", async () => {
  const page = await window.open("screen=account");
  await act(page, "log-out");
  await shows(page, "confirm");
  for (let presses = 0; presses < 6; presses += 1) {
    await page.keyboard.press("Tab");
    const inside = await page.evaluate(
      () => document.activeElement === document.body || document.activeElement?.closest("dialog") !== null,
    );
    expect(inside, "the focus is in the dialog or in the browser's own bar").toBe(true);
  }
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
  expect(await focused(page)).toBe("log-out");
  const again = await window.open("screen=account");
  await act(again, "log-out");
  await act(again, "confirm-yes");
  await shows(again, "logout-result");
  expect(await again.evaluate(() => document.activeElement?.tagName)).toBe("H1");
});

it("in a narrow window the list opens on demand, leads on, and closes by Escape", async () => {
  const page = await window.open("screen=several", { viewport: { width: 380, height: 480 } });
  const hidden = (test: string) => page.isHidden(`[data-test="${test}"] >> nth=0`);
  expect(await hidden("nav-settings")).toBe(true);
  await act(page, "nav-open");
  await act(page, "nav-settings");
  await shows(page, "settings");
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  expect(await hidden("nav-settings")).toBe(true);
  await act(page, "nav-open");
  await tabTo(page, "nav-activity");
  await page.keyboard.press("Escape");
  expect(await focused(page)).toBe("nav-open");
  expect(await page.getAttribute('[data-test="nav-open"]', "aria-expanded")).toBe("false");
  await act(page, "nav-open");
  await act(page, "nav-settings");
  expect(await focused(page), "the screen is there already").toBe("nav-open");
});

it("accounts are moved between by arrows, found by search and left by Escape", async () => {
  const page = await window.open("screen=many");
  await tabTo(page, "search-accounts");
  await page.keyboard.type("person 17");
  await page.waitForFunction('document.querySelectorAll("[data-test=nav-account]").length === 1');
  await page.keyboard.press("Escape");
  await page.waitForFunction('document.querySelectorAll("[data-test=nav-account]").length === 30');
  await tabTo(page, "nav-account");
  for (const key of ["ArrowDown", "ArrowDown", "ArrowUp", "End"]) await page.keyboard.press(key);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Person 30");
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  expect(await page.textContent('[data-test="account-name"]')).toBe("Person 1");
});

it("a list of accounts is one stop of Tab, at the account that was left", async () => {
  const page = await window.open("screen=many");
  await tabTo(page, "nav-account");
  for (const key of ["ArrowDown", "ArrowDown", "Tab"]) await page.keyboard.press(key);
  expect(await focused(page)).not.toBe("nav-account");
  await page.keyboard.press("Shift+Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Person 3");
});

it("names stand on one side, whichever way they are written", async () => {
  const page = await window.open("screen=several&lang=pseudo");
  await page.waitForSelector('[dir="rtl"]');
  const apart = await page.evaluate(() =>
    [...document.querySelectorAll("nav .title")].map((title) => {
      const text = document.createRange();
      text.selectNodeContents(title);
      return Math.round(title.getBoundingClientRect().right - text.getBoundingClientRect().right);
    }),
  );
  expect(new Set(apart)).toEqual(new Set([0]));
});

it("a request is typed and sent, and its answer scrolled, with the keyboard alone", async () => {
  const page = await window.open("screen=account");
  await act(page, "try-request");
  await tabTo(page, "request-path");
  await page.keyboard.press("Control+Enter");
  await shows(page, "answer");
  expect(await page.inputValue('[data-test="request-path"]')).toBe("/2/users/me");
  await tabTo(page, "answer-text");
});

it("ten thousand entries scroll with only a few of them drawn", async () => {
  const page = await window.open("screen=several&entries=10000&click=nav-activity");
  await shows(page, "activity-list");
  const drawn = () => page.locator('[data-test="activity-entry"]').count();
  expect(await drawn()).toBeLessThan(60);
  await tabTo(page, "activity-list");
  await page.keyboard.press("End");
  await page.waitForFunction(
    'document.querySelector("[data-test=activity-list] li:last-child")?.ariaPosInSet > 9000',
  );
  expect(await drawn()).toBeLessThan(60);
});

it("a thousand accounts are listed and searched", async () => {
  const page = await window.open("screen=many&accounts=1000");
  await page.waitForFunction('document.querySelectorAll("[data-test=nav-account]").length === 1000');
  await tabTo(page, "search-accounts");
  await page.keyboard.type("person 99");
  // 99 itself, and 990 to 999.
  await page.waitForFunction('document.querySelectorAll("[data-test=nav-account]").length === 11');
  expect(await page.textContent('[data-test="found-accounts"]')).toContain("11 accounts");
});
