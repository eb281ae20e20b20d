import { afterAll, beforeAll, expect, it } from "vitest";

import { stage, type Stage } from "./chromium";

let window: Stage;
beforeAll(async () => {
  window = await stage();
});
afterAll(() => window.close());

/** Where the system chooses all colors, backgrounds and shadows of ours are gone. */
it("in the system's own colors, what is chosen and what stands apart is still seen", async () => {
  const page = await window.visit("gallery.html", {
    forcedColors: "active",
    viewport: { width: 1280, height: 1900 },
  });
  await page.waitForSelector("h1");
  const border = (selector: string): Promise<string> =>
    page.$eval(selector, (element) => {
      const { borderTopWidth, borderTopColor, borderTopStyle } = getComputedStyle(element);
      return [borderTopWidth, borderTopStyle, borderTopColor].join(" ");
    });
  await page.screenshot({ path: ".shots/gallery-forced.png" });
  const knob = await page.$eval('[role="switch"]:not(:checked)', (it) => {
    const { backgroundColor } = getComputedStyle(it, "::before");
    return backgroundColor !== getComputedStyle(it).backgroundColor;
  });
  expect(knob, "the knob of a switch that is off is seen").toBe(true);
  const pressed = await border('[aria-pressed="true"]');
  expect(pressed).not.toBe(await border('[aria-pressed="false"]'));
  const shown = await border('.nav-entry[aria-current="page"]');
  expect(shown).not.toBe(await border('.nav-entry:not([aria-current])'));
  for (const apart of [".toast", ".problem", ".copy"]) expect(await border(apart), apart).toMatch(/^1px solid/);
  await page.context().close();
});
