import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What breaks the rules of accessibility, the best practices among them. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(`window.axe === undefined && (() => { ${AXE} })()`);
  const found = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResults;
  return found.violations.flatMap(({ id, nodes }) => nodes.map((it) => `${id}: ${it.html}`));
}

/** How far the page is wider than the window, and what sticks out, on either side. */
export const overflow = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
    const pane = document.querySelector(".pane");
    const paneWide = pane !== null && pane.scrollWidth > pane.clientWidth;
    if (!wide && !paneWide) return [];
    const out = [...document.querySelectorAll("main *")].filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return right > innerWidth + 1 || left < -1;
    });
    return ["too wide", ...out.slice(0, 3).map((element) => element.outerHTML.slice(0, 120))];
  });

/** Texts that end at an edge without a sign that they go on: no ellipsis, and nothing that scrolls. */
export const cut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const hides = (value: string): boolean => value === "hidden" || value === "clip";
    const cutOff = (element: HTMLElement): boolean => {
      const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(element);
      const sideways = hides(overflowX) && element.scrollWidth > element.clientWidth + 1;
      const below = hides(overflowY) && element.scrollHeight > element.clientHeight + 1;
      const told = textOverflow === "ellipsis" || webkitLineClamp !== "none" || element.title !== "";
      return (sideways && !told) || (below && webkitLineClamp === "none");
    };
    return [...document.querySelectorAll<HTMLElement>("body *:not(.visually-hidden, select, option)")]
      .filter((element) => element.innerText?.trim() && element.checkVisibility() && cutOff(element))
      .map((element) => `cut off: ${element.outerHTML.slice(0, 160)}`);
  });

/** Controls that can be pressed or filled, but get the focus by no number of Tabs. */
export async function unreachable(page: Page): Promise<string[]> {
  const all = await page.evaluate(() => {
    const controls = 'button, a[href], input, select, textarea, summary, [tabindex="0"]';
    const dialog = document.querySelector("dialog[open]");
    const usable = [...(dialog ?? document).querySelectorAll<HTMLElement>(controls)].filter(
      (it) =>
        it.checkVisibility({ visibilityProperty: true }) &&
        // Arrows lead to the others of a list and to the others of a choice.
        !it.matches(":disabled, li > .nav-entry[tabindex='-1'], input[type=radio]:not(:checked)"),
    );
    usable.forEach((it, at) => it.setAttribute("data-at", String(at)));
    return usable.map((it) => it.dataset["test"] ?? it.textContent?.trim() ?? it.tagName);
  });
  const met = new Set<number>();
  // Once around, the browser's own bar included.
  for (let presses = 0; presses < all.length + 3; presses += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => document.activeElement?.getAttribute("data-at") ?? null);
    if (at !== null) met.add(Number(at));
  }
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  return all.filter((_, at) => !met.has(at)).map((what) => `out of Tab's reach: ${what}`);
}
