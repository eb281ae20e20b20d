import { afterEach, describe, expect, it } from "vitest";

import { messages } from "../src/lib/language/catalogue";
import { language, setLanguage, t } from "../src/lib/language/language.svelte";
import { pseudo } from "../src/lib/language/pseudo";

const sources = Object.values(
  import.meta.glob(["../src/**/*.ts", "../src/**/*.svelte"], {
    query: "?raw",
    import: "default",
    eager: true,
  }),
).join("\n");

const placeholders = (message: unknown): string[] =>
  [...new Set(JSON.stringify(message).match(/\{\w+\}/g) ?? [])].sort();

afterEach(() => setLanguage("en"));

describe("the catalogue", () => {
  it("has each message in both languages, with the same placeholders and forms", () => {
    expect(Object.keys(messages.de).sort()).toEqual(Object.keys(messages.en).sort());
    for (const [key, message] of Object.entries(messages.en)) {
      const german = messages.de[key];
      expect(placeholders(german), key).toEqual(placeholders(message));
      expect(typeof german, key).toBe(typeof message);
    }
  });

  it("has no message that nobody shows", () => {
    // Keys that are put together end in a name of Rust's, after a prefix that stands in the code.
    const prefixes = (key: string): string[] =>
      [...key.matchAll(/\./g)].map(({ index }) => key.slice(0, index + 1));
    const used = (key: string): boolean =>
      sources.includes(`"${key}"`) ||
      prefixes(key).some((prefix) => sources.includes(`\`${prefix}\${`));
    expect(Object.keys(messages.en).filter((key) => !used(key))).toEqual([]);
  });
});

describe("a message", () => {
  it("follows the language, and so does the document", () => {
    expect(t("shared.cancel")).toBe("Cancel");
    setLanguage("de");
    expect([t("shared.cancel"), language(), document.documentElement.lang]).toEqual([
      "Abbrechen",
      "de",
      "de",
    ]);
    setLanguage("pseudo");
    expect(t("shared.cancel")).toMatch(/^⟦Çáñçél·+⟧$/);
    expect(document.documentElement.dir).toBe("rtl");
  });

  it("keeps a name of the other direction apart, and leaves what is for a terminal as it is", () => {
    expect(t("accounts.found.none", { text: "Ada" })).not.toMatch(/[\u2068\u2069]/);
    expect(t("accounts.found.none", { text: "نورا (X)" })).toContain("\u2068نورا (X)\u2069");
    setLanguage("pseudo");
    expect(t("accounts.found.none", { text: "4:04 PM" })).toContain("\u20684:04 PM\u2069");
    expect(t("accounts.found.none", { text: "نورا" })).not.toMatch(/[\u2068\u2069]/);
  });

  it("in pseudo keeps its placeholders", () => {
    expect(pseudo("See {name} now")).toContain("{name}");
  });
});
