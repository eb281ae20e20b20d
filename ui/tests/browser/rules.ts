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
