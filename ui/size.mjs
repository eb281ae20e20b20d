// How large the window is when it is sent compressed, and whether the page of all components, which is
// for development only, came along; more than the limit fails, and so does that page.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_BYTES = 150_000;

const dist = new URL("./dist/", import.meta.url);
const files = readdirSync(new URL("./assets/", dist))
  .filter((name) => /\.(js|css)$/.test(name))
  .map((name) => readFileSync(new URL(`./assets/${name}`, dist)));
const all = files.reduce((sum, file) => sum + gzipSync(file).length, 0);
const gallery = readdirSync(dist).includes("gallery.html") || files.some((file) => file.includes("data-section"));
console.log(`the window's scripts and styles: ${all} bytes gzipped (limit ${LIMIT_BYTES})`);
if (gallery) console.log("the page of all components is among them, which is for development only");
process.exit(all > LIMIT_BYTES || gallery ? 1 : 0);
