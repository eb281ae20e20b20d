import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { stage, type Stage } from "./chromium";
import { cut, overflow, violations } from "./rules";

/** The part of the pixels of a section that may differ: letters are drawn a little differently
 * elsewhere. */
const TOLERANCE = 0.005;
const folder = fileURLToPath(new URL("../golden/", import.meta.url));
const sections = readdirSync(new URL("../../src/gallery/sections/", import.meta.url)).map((file) =>
  file.replace(".svelte", ""),
);
const THEMES = ["light", "dark"] as const;

let window: Stage;
beforeAll(async () => {
  window = await stage();
});
afterAll(() => window.close());

/** The part of the pixels that differ by more than a shade; compared by the browser, which can read
 * pictures. 1 when the sizes differ. */
const difference = (page: Page, one: Buffer, other: Buffer): Promise<number> =>
  page.evaluate(
    async ([before, after]) => {
      const pixels = async (base64: string) => {
        const blob = await (await fetch(`data:image/png;base64,${base64}`)).blob();
        const picture = await createImageBitmap(blob);
        const canvas = new OffscreenCanvas(picture.width, picture.height);
        const context = canvas.getContext("2d")!;
        context.drawImage(picture, 0, 0);
        return context.getImageData(0, 0, picture.width, picture.height);
      };
      const [a, b] = [await pixels(before!), await pixels(after!)];
      if (a.width !== b.width || a.height !== b.height) return 1;
      const SHADE = 48;
      let differing = 0;
      for (let at = 0; at < a.data.length; at += 4) {
        const apart = [0, 1, 2].some((by) => Math.abs(a.data[at + by]! - b.data[at + by]!) > SHADE);
        if (apart) differing += 1;
      }
      return differing / (a.data.length / 4);
    },
    [one.toString("base64"), other.toString("base64")],
  );

/** One section, in one font for every machine, with nothing that moves and the clock stopped. */
async function section(name: string, theme: string): Promise<Page> {
  const page = await window.visit(`gallery.html?theme=${theme}&section=${name}`, {
    viewport: { width: 480, height: 900 },
  });
  await page.clock.setFixedTime(new Date("2026-11-24T12:00:00Z"));
  await page.waitForSelector("h2");
  await page.addStyleTag({
    content: `:root { --font: "DejaVu Sans"; --font-mono: "DejaVu Sans Mono"; }
      * { animation: none !important; transition: none !important; caret-color: transparent; }`,
  });
  await page.evaluate("document.fonts.ready");
  return page;
}

/** Compares a picture with the one that is kept; `UPDATE_GOLDEN=1` keeps this one. */
async function compared(page: Page, name: string, shot: Buffer): Promise<void> {
  const golden = `${folder}${name}.png`;
  if (process.env.UPDATE_GOLDEN !== undefined) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(golden, shot);
  }
  mkdirSync(".shots", { recursive: true });
  writeFileSync(`.shots/${name}.png`, shot);
  expect(existsSync(golden), `${golden} is made with UPDATE_GOLDEN=1`).toBe(true);
  const differs = await difference(page, readFileSync(golden), shot);
  expect(differs, `compare .shots/${name}.png; UPDATE_GOLDEN=1 takes the new one`).toBeLessThan(TOLERANCE);
  await page.context().close();
}

// By section: in a picture of all of them, a whole button would be within the tolerance.
it.each(sections.flatMap((name) => THEMES.map((theme) => [name, theme] as const)))(
  "the components look as they did: %s, %s",
  async (name, theme) => {
    const page = await section(name, theme);
    const shot = await page.locator(`[data-section="${name}"]`).screenshot();
    await compared(page, `${name}-${theme}`, shot);
  },
);

it.each(THEMES)("a dialog looks as it did, %s", async (theme) => {
  const page = await section("Dialogs", theme);
  await page.click('[data-test="open-dialog"]');
  await page.setViewportSize({ width: 480, height: 320 });
  await compared(page, `dialog-${theme}`, await page.screenshot());
});

it("no picture is kept of what is gone", () => {
  const kept = readdirSync(folder).map((file) => file.replace(/-(light|dark)\.png$/, ""));
  expect([...new Set(kept)].sort()).toEqual([...sections, "dialog"].sort());
});

it.each(THEMES.flatMap((theme) => ["en", "pseudo"].map((lang) => [theme, lang] as const)))(
  "every component is usable by everybody, %s %s",
  async (theme, lang) => {
    const page = await window.visit(`gallery.html?theme=${theme}&lang=${lang}`);
    await page.waitForSelector("h2");
    const wrong = await violations(page);
    await page.setViewportSize({ width: 320, height: 640 });
    wrong.push(...(await overflow(page)), ...(await cut(page)));
    expect(wrong).toEqual([]);
    await page.context().close();
  },
);
