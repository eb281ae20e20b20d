import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";

import { stage, type Stage } from "./chromium";

/** The part of all pixels that may differ: letters are drawn a little differently elsewhere. */
const TOLERANCE = 0.005;
/** The part that may differ of any one tile: a control in another color is little of the whole. */
const TILE_TOLERANCE = 0.2;
const folder = fileURLToPath(new URL("../golden/", import.meta.url));

let window: Stage;
beforeAll(async () => {
  window = await stage();
});
afterAll(() => window.close());

/** The part of the pixels that differ by more than a shade, of the whole and of the worst tile;
 * compared by the browser, which can read pictures. 1 when the sizes differ. */
const difference = (page: Page, one: Buffer, other: Buffer): Promise<{ whole: number; tile: number }> =>
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
      if (a.width !== b.width || a.height !== b.height) return { whole: 1, tile: 1 };
      const SHADE = 48;
      const TILE_PX = 32;
      const tiles = new Map<string, number>();
      let differing = 0;
      for (let at = 0; at < a.data.length; at += 4) {
        const apart = [0, 1, 2].some((by) => Math.abs(a.data[at + by]! - b.data[at + by]!) > SHADE);
        if (!apart) continue;
        differing += 1;
        const [x, y] = [(at / 4) % a.width, Math.floor(at / 4 / a.width)];
        const tile = `${Math.floor(x / TILE_PX)} ${Math.floor(y / TILE_PX)}`;
        tiles.set(tile, (tiles.get(tile) ?? 0) + 1);
      }
      const worst = Math.max(0, ...tiles.values());
      return { whole: differing / (a.data.length / 4), tile: worst / TILE_PX ** 2 };
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
    viewport: { width: 1280, height: 800 },
  });
  await page.waitForSelector("h1");
  // One font for every machine, and nothing that moves.
  await page.addStyleTag({
    content: `:root { --font: "DejaVu Sans"; --font-mono: "DejaVu Sans Mono"; } * { animation: none !important; caret-color: transparent; }`,
  });
  await page.evaluate("document.fonts.ready");
  if (what === "dialog") await page.click('[data-test="open-dialog"]');
  // A dialog lies over the window; the page behind it is in the other picture.
  const shot = await page.screenshot({ fullPage: what === "gallery" });
  const golden = `${folder}${what}-${theme}.png`;
  if (process.env.UPDATE_GOLDEN !== undefined) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(golden, shot);
  }
  expect(existsSync(golden), `${golden} is made with UPDATE_GOLDEN=1`).toBe(true);
  const differs = await difference(page, readFileSync(golden), shot);
  mkdirSync(".shots", { recursive: true });
  writeFileSync(`.shots/${what}-${theme}.png`, shot);
  const advice = `compare .shots/${what}-${theme}.png; UPDATE_GOLDEN=1 takes the new one`;
  expect(differs.whole, advice).toBeLessThan(TOLERANCE);
  expect(differs.tile, advice).toBeLessThan(TILE_TOLERANCE);
  await page.context().close();
});
