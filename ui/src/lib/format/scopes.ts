import file from "../../../../crates/messages/catalogue/scopes.json";
import type { Key } from "../language/catalogue";
import { locale, t } from "../language/language.svelte";

type Entry = (typeof file.scopes)[number];
/** What the keys that begin like this end in. */
type Ends<Of extends string, Start extends string> = Of extends `${Start}${infer End}` ? End : never;

/** What scopes touch: every group has a title in the picker. */
export type ScopeGroup = Ends<Key, "login.scopes.group.">;

/** A scope of X as the file has it, which Rust reads too. */
export interface Scope extends Omit<Entry, "group" | "access" | "state" | "prices"> {
  group: ScopeGroup;
  access: "read" | "write" | "login";
  state: "offered" | Ends<Key, "login.scopes.state.">;
  prices: { usd: number; per: Ends<Key, "login.scopes.price."> }[];
}

/** The scopes of X in the order of the picker: by groups, in each reading before writing. */
export const SCOPES = file.scopes as readonly Scope[];

const named = (scopes: readonly Scope[]): string[] => scopes.map(({ name }) => name);

/** The groups in their order, each with its scopes. */
export const SCOPE_GROUPS: readonly (readonly [ScopeGroup, readonly Scope[]])[] = [
  ...new Set(SCOPES.map(({ group }) => group)),
].map((group) => [group, SCOPES.filter((scope) => scope.group === group)]);

/** What a program that only reads rarely needs, and what few people would want it to see. */
const APART: readonly ScopeGroup[] = ["messages", "ads", "developer"];

/** What most programs need, from little to everything that X documents. */
export const PRESETS = {
  profile: ["tweet.read", "users.read", "offline.access"],
  read: named(SCOPES.filter(({ name, group }) => name.endsWith(".read") && !APART.includes(group))).concat("offline.access"),
  post: ["tweet.read", "users.read", "tweet.write", "media.write", "offline.access"],
  everything: named(SCOPES.filter(({ state }) => state !== "undocumented")),
} as const satisfies Record<string, readonly string[]>;

export type Preset = keyof typeof PRESETS;

/** What to know about a scope of X beside its words: whether X offers it, and what calls cost. */
export function scopeNotes({ state, prices }: Scope): string[] {
  const money = new Intl.NumberFormat(locale(), { style: "currency", currency: "USD", maximumFractionDigits: 3 });
  const costs = prices.map(({ usd, per }) => t(`login.scopes.price.${per}`, { price: money.format(usd) }));
  return [
    ...(state === "offered" ? [] : [t(`login.scopes.state.${state}`)]),
    ...(costs.length === 0 ? [] : [t("login.scopes.price", { prices: costs.join(", ") })]),
  ];
}

/** What a scope allows, in words; `null` for one Birdkey does not know. */
export function scopeWords(scope: string): string | null {
  return SCOPES.some(({ name }) => name === scope) ? t(`scope.${scope}`) : null;
}

/** As the picker lists them, in whatever order they were ticked. */
export function inOrder(scopes: readonly string[]): string[] {
  const place = (scope: string): number => {
    const at = SCOPES.findIndex(({ name }) => name === scope);
    return at === -1 ? SCOPES.length : at;
  };
  return [...scopes].sort((one, other) => place(one) - place(other));
}

/** Several in words, or by their names where there are none. */
export const scopesInWords = (scopes: readonly string[]): string =>
  scopes.map((scope) => scopeWords(scope) ?? scope).join(" · ");

/** A scope with what became of it. */
export interface ScopeOutcome {
  scope: string;
  words: string | null;
  outcome: "granted" | "missing" | "unasked";
}

/** Granted against requested scopes: requested ones in their order, then those nobody asked for. */
export function scopeOutcomes(requested: string[], granted: string[]): ScopeOutcome[] {
  const asked = [...new Set(requested)].map((scope) => ({
    scope,
    words: scopeWords(scope),
    outcome: granted.includes(scope) ? ("granted" as const) : ("missing" as const),
  }));
  const unasked = [...new Set(granted)]
    .filter((scope) => !requested.includes(scope))
    .map((scope) => ({ scope, words: scopeWords(scope), outcome: "unasked" as const }));
  return [...asked, ...unasked];
}
