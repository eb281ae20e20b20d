import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { messages } from "../../src/lib/language/catalogue";
import { stage, type Stage } from "./chromium";
import { SCREENS } from "./screens";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let window: Stage;
beforeAll(async () => {
  window = await stage();
});
afterAll(() => window.close());

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResults;
  return found.violations.flatMap(({ id, nodes }) => nodes.map((it) => `${id}: ${it.html}`));
}

/** How far the page is wider than the window, and what sticks out. */
const overflow = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
    const pane = document.querySelector(".pane");
    const paneWide = pane !== null && pane.scrollWidth > pane.clientWidth;
    if (!wide && !paneWide) return [];
    const out = [...document.querySelectorAll("main *")].filter(
      (element) => element.getBoundingClientRect().right > innerWidth + 1,
    );
    return ["too wide", ...out.slice(0, 3).map((element) => element.outerHTML.slice(0, 120))];
  });

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

/** Both themes, German, and the pretend language that is written from right to left. */
const LOOKS: [string, string][] = [
  ["light", "en"],
  ["dark", "de"],
  ["light", "pseudo"],
];
const SIZES = [
  { width: 320, height: 640 },
  // The smallest window, and what 200 % leaves of the usual one.
  { width: 460, height: 320 },
];

async function dress(page: Page, [theme, lang]: [string, string]): Promise<void> {
  await page.evaluate(`window.dress("${theme}", "${lang}")`);
  const spoken = lang === "pseudo" ? "en-XA" : lang;
  await page.waitForFunction(
    `document.documentElement.lang === "${spoken}" && document.documentElement.dataset.theme === "${theme}"`,
  );
}

it.each(Object.entries(SCREENS))("%s is usable by everybody in every look and size", async (name, query) => {
  const page = await window.open(query);
  const wrong: string[] = [];
  // The pane scrolls, the window as a whole never does.
  const tall = "document.documentElement.scrollHeight > document.documentElement.clientHeight";
  for (const look of LOOKS) {
    await dress(page, look);
    if (await page.evaluate(tall)) wrong.push(`${look.join(" ")}: the page is longer than the window`);
    if (look[1] === "pseudo") wrong.push(...(await leftovers(page)));
    const said = (what: string): string => `${look.join(" ")}: ${what}`;
    wrong.push(...(await violations(page)).map(said));
    for (const size of SIZES) {
      await page.setViewportSize(size);
      wrong.push(...(await overflow(page)).map((what) => said(`${size.width} px: ${what}`)));
    }
    await page.setViewportSize({ width: 920, height: 640 });
    await page.screenshot({ path: `.shots/${name}-${look.join("-")}.png` });
  }
  expect(wrong).toEqual([]);
  await page.context().close();
});
