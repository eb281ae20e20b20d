// How large the window is when it is sent compressed; more than the limit fails.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_BYTES = 150_000;

const folder = new URL("./dist/assets/", import.meta.url);
const sizes = readdirSync(folder)
  .filter((name) => /\.(js|css)$/.test(name))
  .map((name) => gzipSync(readFileSync(new URL(name, folder))).length);
const all = sizes.reduce((sum, size) => sum + size, 0);
console.log(`the window's scripts and styles: ${all} bytes gzipped (limit ${LIMIT_BYTES})`);
process.exit(all > LIMIT_BYTES ? 1 : 0);
