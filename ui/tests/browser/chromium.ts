import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";

/** The system's own browser; playwright-core brings none. */
const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

function browserPath(): string {
  const named = process.env.CHROMIUM;
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)];
  const places = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  // One that was named is meant: another in its place would test something else.
  const found = (named === undefined ? [...places, MAC] : [named]).find((place) => existsSync(place));
  if (found !== undefined) return found;
  const missing = named === undefined ? "No Chromium was found." : `CHROMIUM names no file: ${named}.`;
  throw new Error(`${missing} Install Chromium, or name it in the variable CHROMIUM.`);
}

/** The window with the fake backend, in a real browser. */
export interface Stage {
  /** Opens a screen as `fake-tour.ts` names it, and waits until it is drawn. */
  open: (query: string, options?: BrowserContextOptions) => Promise<Page>;
  /** Opens another page of the development server. */
  visit: (path: string, options?: BrowserContextOptions) => Promise<Page>;
  close: () => Promise<void>;
}

export async function stage(): Promise<Stage> {
  const executablePath = browserPath();
  const { address, process: server } = await started();
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const visit = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width: 920, height: 640 },
      reducedMotion: "reduce",
      ...options,
    });
    const page = await context.newPage();
    page.on("pageerror", (error) => {
      throw error;
    });
    await page.goto(address + path);
    return page;
  };
  const open = async (query: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const page = await visit(`?${query}`, options);
    await page.waitForSelector("h1");
    await settled(page, new URLSearchParams(query).get("click"));
    return page;
  };
  return { open, visit, close: () => closed(browser, server) };
}

/** Until the last button that the address names was pressed. */
async function settled(page: Page, clicks: string | null): Promise<void> {
  if (clicks === null) return;
  await page.waitForFunction("window.toured === true");
}

/** In a process of its own: within the test runner, Svelte would be that of a server. */
async function started(): Promise<{ address: string; process: ChildProcess }> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const vite = [`${root}/node_modules/vite/bin/vite.js`, "--port", "0", "--strictPort", "false"];
  const { VITEST: _, NODE_ENV: __, ...env } = process.env;
  const server = spawn(process.execPath, vite, { cwd: root, env: { ...env, NO_COLOR: "1" } });
  const address = await new Promise<string>((resolve, reject) => {
    let said = "";
    server.stdout.on("data", (piece) => {
      said += String(piece);
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said);
      if (found !== null) resolve(found[0]);
    });
    server.stderr.on("data", (piece) => (said += String(piece)));
    server.on("exit", () => reject(new Error(`vite ended: ${said}`)));
  });
  return { address, process: server };
}

async function closed(browser: Browser, server: ChildProcess): Promise<void> {
  await browser.close();
  server.kill();
}
