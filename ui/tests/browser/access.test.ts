import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { messages } from "../../src/lib/language/catalogue";
import { stage, type Stage } from "./chromium";
import { cut, overflow, unreachable, violations } from "./rules";
import { SCREENS } from "./screens";

let window: Stage;
beforeAll(async () => {
  window = await stage();
});
afterAll(() => window.close());

const ENGLISH = Object.values(messages.en).filter((message) => typeof message === "string");
/** What apps of the fake are called is the same in every language. */
const NAMES = ["Birdkey", "X", "Sandbox"];

/** Texts that stayed English after the language changed. */
const leftovers = (page: Page): Promise<string[]> =>
  page.evaluate((english) => {
    const said = [...document.querySelectorAll("[aria-label], [placeholder]")].flatMap((it) => [
      it.getAttribute("aria-label"),
      it.getAttribute("placeholder"),
    ]);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) said.push(texts.currentNode.nodeValue!.trim());
    return said.filter((text) => text !== null && english.includes(text)).map((text) => `not translated: ${text}`);
  }, ENGLISH.filter((text) => !NAMES.includes(text)));

/** Both themes, each from left to right and in the pretend language from right to left; German words
 * are the longest. */
const LOOKS: [string, string][] = [
  ["light", "en"],
  ["dark", "de"],
  ["light", "pseudo"],
  ["dark", "pseudo"],
];
const SIZES = [
  { width: 320, height: 640 },
  // The smallest window, and what 200 % leaves of the usual one.
  { width: 460, height: 320 },
  { width: 920, height: 640 },
];

async function dress(page: Page, [theme, lang]: [string, string]): Promise<void> {
  await page.evaluate(`window.dress("${theme}", "${lang}")`);
  const spoken = lang === "pseudo" ? "en-XA" : lang;
  await page.waitForFunction(
    `document.documentElement.lang === "${spoken}" && document.documentElement.dataset.theme === "${theme}"`,
  );
}

/** A picture to look at, of all that there is to scroll to. */
async function pictured(page: Page, name: string): Promise<void> {
  const whole = await page.evaluate(() => document.querySelector(".pane")?.scrollHeight ?? 0);
  await page.setViewportSize({ width: 920, height: Math.max(640, whole) });
  await page.screenshot({ path: `.shots/${name}.png`, scale: "css" });
}

// Two at once: while one page is drawn, the other is examined.
it.concurrent.each(Object.entries(SCREENS))(
  "%s is usable by everybody in every look and size",
  async (name, query) => {
    const page = await window.open(query, { deviceScaleFactor: 2 });
    const wrong = await unreachable(page);
    // The pane scrolls, the window as a whole never does.
    const tall = "document.documentElement.scrollHeight > document.documentElement.clientHeight";
    for (const look of LOOKS) {
      await page.setViewportSize({ width: 920, height: 640 });
      await dress(page, look);
      if (await page.evaluate(tall)) wrong.push(`${look.join(" ")}: the page is longer than the window`);
      if (look[1] === "pseudo") wrong.push(...(await leftovers(page)));
      const said = (what: string): string => `${look.join(" ")}: ${what}`;
      wrong.push(...(await violations(page)).map(said));
      for (const size of SIZES) {
        await page.setViewportSize(size);
        const found = [...(await overflow(page)), ...(await cut(page))];
        wrong.push(...found.map((what) => said(`${size.width} px: ${what}`)));
      }
      await pictured(page, `${name}-${look.join("-")}`);
    }
    expect(wrong).toEqual([]);
    await page.context().close();
  },
);

it.each(["several", "many", "several&long"])("the open list of %s is usable in a narrow window", async (query) => {
  const page = await window.open(`screen=${query}`, { viewport: { width: 380, height: 480 }, deviceScaleFactor: 2 });
  await page.click('[data-test="nav-open"]');
  const wrong = await unreachable(page);
  for (const look of LOOKS) {
    await dress(page, look);
    for (const size of [{ width: 320, height: 480 }, { width: 380, height: 480 }]) {
      await page.setViewportSize(size);
      wrong.push(...(await violations(page)), ...(await overflow(page)), ...(await cut(page)));
    }
    await page.screenshot({ path: `.shots/narrow-${query.replace("&", "-")}-${look.join("-")}.png`, scale: "css" });
  }
  expect(wrong).toEqual([]);
  await page.context().close();
});
