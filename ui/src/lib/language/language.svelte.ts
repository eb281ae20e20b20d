import { messages, type Key, type Message } from "./catalogue";
import { pseudo } from "./pseudo";

/** The languages of the window; `pseudo` is made from English to test the layout, right to left. */
export type Language = "en" | "de" | "pseudo";

/** What is put into a message in place of `{name}`. */
export type Values = Record<string, string | number>;

let current = $state<Language>("en");

/** The language now; reading it in a component makes that follow a change. */
export const language = (): Language => current;

/** The tag that formats of the platform are asked with. */
export const locale = (): string => (current === "pseudo" ? "en" : current);

const isLanguage = (name: string): name is Language => ["en", "de", "pseudo"].includes(name);

/** Chooses the language, for the document too: screen readers and the direction of text follow it.
 * One that is not known, as of a newer Birdkey, changes nothing. */
export function setLanguage(chosen: string, root = document.documentElement): void {
  if (!isLanguage(chosen)) return;
  current = chosen;
  root.lang = chosen === "pseudo" ? "en-XA" : chosen;
  root.dir = chosen === "pseudo" ? "rtl" : "ltr";
}

/** A message in the language now, with its values put in; `count` chooses between its forms. */
export function t(key: Key, values: Values = {}): string {
  const spoken = current === "pseudo" ? "en" : current;
  const message = messages[spoken][key] ?? messages.en[key] ?? key;
  return said(form(message, values.count), values);
}

/** A text in the language now, with its values; those in code are for a terminal and stay as they are. */
function said(text: string, values: Values, look: Piece["look"] = "plain"): string {
  const translated = current === "pseudo" ? pseudo(text) : text;
  // One pass: a value that looks like a placeholder stays as it is.
  return translated.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = shown(values[name], whole);
    return look === "code" ? value : isolated(value);
  });
}

/** A letter that is read from right to left; one that is read from left to right. */
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LEFT_TO_RIGHT = /[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u;
/** By number, so that nothing invisible is in this file. */
const FIRST_STRONG_ISOLATE = String.fromCodePoint(0x2068);
const POP_ISOLATE = String.fromCodePoint(0x2069);

/** A value that is read in the other direction than the text around it, kept apart from that (UAX 9),
 * so that neither puts the other out of order. */
function isolated(value: string): string {
  const other = current === "pseudo" ? LEFT_TO_RIGHT : RIGHT_TO_LEFT;
  return other.test(value) ? FIRST_STRONG_ISOLATE + value + POP_ISOLATE : value;
}

/** A piece of a message: plain, strong (`*so*` in the catalogue), or code (in backquotes). */
export interface Piece {
  text: string;
  look: "plain" | "strong" | "code";
}

/** A message in its pieces; what is put in is never taken for a mark. */
export function pieces(key: Key, values: Values = {}): Piece[] {
  const spoken = current === "pseudo" ? "en" : current;
  const template = form(messages[spoken][key] ?? messages.en[key] ?? key, values.count);
  return template
    .split(/(\*[^*]+\*|`[^`]+`)/)
    .filter((part) => part !== "")
    .map((part) => {
      const look = part.startsWith("*") ? "strong" : part.startsWith("`") ? "code" : "plain";
      return { look, text: said(look === "plain" ? part : part.slice(1, -1), values, look) };
    });
}

function form(message: Message, count: string | number | undefined): string {
  if (typeof message === "string") return message;
  return new Intl.PluralRules(locale()).select(Number(count ?? 0)) === "one"
    ? message.one
    : message.other;
}

function shown(value: string | number | undefined, otherwise: string): string {
  if (value === undefined) return otherwise;
  return typeof value === "number" ? new Intl.NumberFormat(locale()).format(value) : value;
}
