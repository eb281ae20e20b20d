/** The window as somebody uses it who has a keyboard alone. */
import type { Page } from "playwright-core";

/** What has the focus, by its name for tests. */
export const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute("data-test") ?? null);

/** Presses Tab until the control has the focus; a control that can't be reached fails. */
export async function tabTo(page: Page, test: string): Promise<void> {
  for (let presses = 0; presses < 120; presses += 1) {
    if ((await focused(page)) === test) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${test} is not reached by the keyboard`);
}

/** Presses a key at a control. */
export async function act(page: Page, test: string, key = "Enter"): Promise<void> {
  await tabTo(page, test);
  await page.keyboard.press(key);
}

export const shows = (page: Page, test: string) => page.waitForSelector(`[data-test="${test}"]`);
