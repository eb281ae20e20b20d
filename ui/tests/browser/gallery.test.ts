import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { stage, type Stage } from "./chromium";

/** The part of all pixels that may differ: letters are drawn a little differently elsewhere. */
const TOLERANCE = 0.005;
const folder = fileURLToPath(new URL("../golden/", import.meta.url));

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

it.each([
  ["light", "gallery"],
  ["dark", "gallery"],
  ["light", "dialog"],
  ["dark", "dialog"],
])("the components look as they did, %s %s", async (theme, what) => {
  const page = await window.visit(`gallery.html?theme=${theme}`, {
    viewport: { width: 1280, height: 1900 },
  });
  await page.waitForSelector("h1");
  // One font for every machine, and nothing that moves.
  await page.addStyleTag({
    content: `:root { --font: "DejaVu Sans"; --font-mono: "DejaVu Sans Mono"; } * { animation: none !important; caret-color: transparent; }`,
  });
  await page.evaluate("document.fonts.ready");
  if (what === "dialog") await page.click('[data-test="open-dialog"]');
  const shot = await page.screenshot();
  const golden = `${folder}${what}-${theme}.png`;
  if (process.env.UPDATE_GOLDEN !== undefined) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(golden, shot);
  }
  expect(existsSync(golden), `${golden} is made with UPDATE_GOLDEN=1`).toBe(true);
  const differs = await difference(page, readFileSync(golden), shot);
  mkdirSync(".shots", { recursive: true });
  writeFileSync(`.shots/${what}-${theme}.png`, shot);
  expect(differs, `compare .shots/${what}-${theme}.png; UPDATE_GOLDEN=1 takes the new one`).toBeLessThan(TOLERANCE);
  await page.context().close();
});
