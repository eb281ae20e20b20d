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

/** Chooses the language, for the document too: screen readers and the direction of text follow it. */
export function setLanguage(chosen: Language, root = document.documentElement): void {
  current = chosen;
  root.lang = chosen === "pseudo" ? "en-XA" : chosen;
  root.dir = chosen === "pseudo" ? "rtl" : "ltr";
}

/** A message in the language now, with its values put in; `count` chooses between its forms. */
export function t(key: Key, values: Values = {}): string {
  const spoken = current === "pseudo" ? "en" : current;
  const message = messages[spoken][key] ?? messages.en[key] ?? key;
  const text = form(message, values.count);
  const translated = current === "pseudo" ? pseudo(text) : text;
  // One pass: a value that looks like a placeholder stays as it is.
  return translated.replace(/\{(\w+)\}/g, (whole, name: string) => shown(values[name], whole));
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
