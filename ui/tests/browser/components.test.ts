import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { stage, type Stage } from "./chromium";

let window: Stage;
beforeAll(async () => {
  window = await stage();
});
afterAll(() => window.close());

async function section(name: string, query = ""): Promise<Page> {
  const page = await window.visit(`gallery.html?section=${name}${query}`);
  await page.waitForSelector("h2");
  return page;
}

const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute("data-test") ?? null);

async function pressed(page: Page, ...keys: string[]): Promise<string | null> {
  for (const key of keys) await page.keyboard.press(key);
  return focused(page);
}

const outcome = (page: Page) => page.textContent('[data-test="dialog-outcome"]');

async function asked(): Promise<Page> {
  const page = await section("Dialogs");
  expect(await pressed(page, "Tab")).toBe("open-dialog");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog");
  return page;
}

it("a dialog begins at what loses nothing, and Tab does not leave it for the page", async () => {
  const page = await asked();
  expect(await focused(page)).toBe("confirm-no");
  const seen = new Set<string | null>();
  for (let presses = 0; presses < 6; presses += 1) seen.add(await pressed(page, "Tab"));
  // Null is the browser's own bar, where Tab goes between the ends.
  expect([...seen].filter((it) => it !== null).sort()).toEqual(["confirm-no", "confirm-yes"]);
});

it("Escape leaves a dialog without the act, and gives the focus back", async () => {
  const page = await asked();
  expect(await pressed(page, "Escape")).toBe("open-dialog");
  expect(await outcome(page)).toBe("Cancelled.");
  expect(await page.locator("dialog").count()).toBe(0);
});

it("Enter on the act does it, and gives the focus back", async () => {
  const page = await asked();
  expect(await pressed(page, "Tab", "Enter")).toBe("open-dialog");
  expect(await outcome(page)).toBe("Confirmed.");
});

it("a click beside a dialog does nothing", async () => {
  const page = await asked();
  await page.mouse.click(5, 5);
  await page.mouse.click(5, 5);
  expect(await outcome(page)).toBe("Nothing asked.");
  expect(await page.locator("dialog[open]").count()).toBe(1);
});

it("a field says its hint and what is wrong with it, and names nothing that is not there", async () => {
  const page = await section("Fields");
  const described = (test: string) =>
    page.$eval(`[data-test="${test}"]`, (input) =>
      (input.getAttribute("aria-describedby") ?? "")
        .split(" ")
        .map((id) => document.getElementById(id)?.textContent ?? `nothing is called ${id}`)
        .join(" ")
        .trim(),
    );
  expect(await described("field-hint")).toBe("A hint.");
  expect(await described("field-wrong")).toBe("What is wrong with it.");
  expect(await page.getAttribute('[data-test="field-hint"]', "aria-invalid")).toBe("false");
  expect(await page.getAttribute('[data-test="field-wrong"]', "aria-invalid")).toBe("true");
});

it("a toast is a live region that stays, so that each text in it is said", async () => {
  const page = await section("Toasts");
  const region = await page.$('[role="status"]');
  await page.click('[data-test="toast-clear"]');
  expect(await region?.textContent()).toBe("");
  await page.click('[data-test="toast-say"]');
  expect(await region?.textContent()).toBe("Copied again.");
  expect(await region?.evaluate((element) => element.isConnected)).toBe(true);
});
