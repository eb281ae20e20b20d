import { parse, type AST } from "svelte/compiler";
import { expect, it } from "vitest";

const sources = import.meta.glob<string>("../src/lib/**/*.svelte", {
  query: "?raw",
  import: "default",
  eager: true,
});
const app = import.meta.glob<string>("../src/App.svelte", { query: "?raw", import: "default", eager: true });

/** Names are the same in every language. */
const NAMES = new Set(["Birdkey", "X"]);
/** Attributes whose text is seen or heard. */
const SPOKEN = /^(aria-(label|description)|alt|confirm|hint|label|placeholder|term|title|words)$/;

/** Whether a text is for people: words, unless all of them are names. */
const isProse = (text: string): boolean =>
  (text.match(/\p{L}{2,}/gu) ?? []).some((word) => !NAMES.has(word));

/** Whether a string in an expression is prose: keys, ids and classes are of one word in small letters. */
const looksSaid = (text: string): boolean => isProse(text) && /^\p{Lu}\p{Ll}|\p{L} \p{L}/u.test(text);

type Node = { type: string; [field: string]: unknown };
const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

/** Whether nothing below is for people: comparisons, styles and other attributes. */
function isMute(node: Node): boolean {
  if (node.type === "Attribute") return !SPOKEN.test(String(node.name));
  return node.type === "StyleDirective" || node.type === "BinaryExpression";
}

/** The texts of a component's markup that stand there instead of in the catalogue. */
function literals(source: string): string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (isMute(node)) return;
    if (node.type === "Text" && isProse(String(node.data))) found.push(String(node.data).trim());
    if (node.type === "Literal" && looksSaid(String(node.value))) found.push(String(node.value));
    // What the protocol calls a field is its name in every language.
    const fields = node.type === "Component" && isRaw(node) ? ["fragment"] : Object.keys(node);
    fields.flatMap((field) => node[field] ?? []).filter(isNode).forEach(visit);
  };
  visit(parse(source, { modern: true }).fragment as unknown as Node);
  return found;
}

const isRaw = (component: Node): boolean =>
  (component as unknown as AST.Component).attributes.some((it) => it.type === "Attribute" && it.name === "raw");

it.each(Object.entries({ ...sources, ...app }))("%s takes what it says from the catalogue", (_, source) => {
  expect(literals(source)).toEqual([]);
});

it.each([
  ["<p>Some words</p>", ["Some words"]],
  ['<p aria-label="Some words"></p>', ["Some words"]],
  ['<p>{busy ? "Wait" : key}</p>', ["Wait"]],
  ['<Fact term="Expires" />', ["Expires"]],
  ['<Fact raw term="expires_in" />', []],
  ['<p class="row top" data-test="a b">{t("shared.copy")}: Birdkey · {1}</p>', []],
])("%s holds %j", (markup, expected) => {
  expect(literals(markup)).toEqual(expected);
});
