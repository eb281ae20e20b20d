import { readdirSync, readFileSync } from "node:fs";

import { expect, it } from "vitest";

const SECTIONS = "src/gallery/sections";
const sections = readdirSync(SECTIONS).map((file) => readFileSync(`${SECTIONS}/${file}`, "utf8")).join("\n");

it.each(readdirSync("src/lib/components/shared"))("%s is on the page of all components", (file) => {
  expect(sections).toContain(`components/shared/${file}"`);
});
