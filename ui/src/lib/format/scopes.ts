import { t } from "../language/language.svelte";

/** The scopes of X by what they touch; each group in the order reading, writing. */
export const SCOPE_GROUPS = {
  posts: ["tweet.read", "timeline.read", "tweet.write", "tweet.moderate.write", "media.write"],
  people: ["users.read", "follows.read", "users.email", "follows.write"],
  likes: ["like.read", "bookmark.read", "like.write", "bookmark.write"],
  messages: ["dm.read", "dm.write"],
  lists: ["list.read", "list.write"],
  quiet: ["mute.read", "block.read", "mute.write", "block.write"],
  live: ["space.read", "broadcast.read", "broadcast.write"],
  ads: ["ads.read", "ads.write"],
  login: ["offline.access"],
} as const;

export type ScopeGroup = keyof typeof SCOPE_GROUPS;
export type KnownScope = (typeof SCOPE_GROUPS)[ScopeGroup][number];

const KNOWN = new Set<string>(Object.values(SCOPE_GROUPS).flat());

function isKnown(scope: string): scope is KnownScope {
  return KNOWN.has(scope);
}

/** Whether it changes something in the user's name. */
export const writes = (scope: string): boolean => scope.endsWith(".write");

/** What most programs need, from little to everything. */
export const PRESETS = {
  profile: ["tweet.read", "users.read", "offline.access"],
  read: [...KNOWN].filter((scope) => scope.endsWith(".read") && !scope.startsWith("ads") && !scope.startsWith("dm")).concat("offline.access"),
  post: ["tweet.read", "users.read", "tweet.write", "media.write", "offline.access"],
  everything: [...KNOWN],
} as const satisfies Record<string, readonly string[]>;

export type Preset = keyof typeof PRESETS;

/** What a scope allows, in words; `null` for one Birdkey does not know. */
export function scopeWords(scope: string): string | null {
  return isKnown(scope) ? t(`scope.${scope}`) : null;
}

/** As the picker lists them, in whatever order they were ticked. */
export function inOrder(scopes: readonly string[]): string[] {
  const known = [...KNOWN];
  const place = (scope: string): number => (isKnown(scope) ? known.indexOf(scope) : known.length);
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
