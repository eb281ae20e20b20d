const WORDS: Record<string, string> = {
  "tweet.read": "Read posts you can see, protected ones too",
  "tweet.write": "Post and repost for you",
  "tweet.moderate.write": "Hide and unhide replies to your posts",
  "users.read": "Read profiles of accounts you can see",
  "users.email": "Read your confirmed email address",
  "offline.access": "Stay logged in without the browser",
  "follows.read": "See whom you follow",
  "follows.write": "Follow and unfollow for you",
  "space.read": "Read Spaces you can see",
  "mute.read": "See whom you mute",
  "mute.write": "Mute and unmute for you",
  "block.read": "See whom you block",
  "block.write": "Block and unblock for you",
  "like.read": "See your likes",
  "like.write": "Like and unlike for you",
  "list.read": "Read your Lists, private ones too",
  "list.write": "Change your Lists",
  "bookmark.read": "Read your bookmarks",
  "bookmark.write": "Change your bookmarks",
  "dm.read": "Read your direct messages",
  "dm.write": "Send direct messages for you",
  "media.write": "Upload media",
  "timeline.read": "Read custom timelines",
  "broadcast.read": "Read live broadcasts and their chat",
  "broadcast.write": "Run live broadcasts and their chat",
  "ads.read": "Read your ads",
  "ads.write": "Change your ads",
};

/** What a scope allows, in words; `null` for one Birdkey does not know. */
export function scopeWords(scope: string): string | null {
  return Object.hasOwn(WORDS, scope) ? (WORDS[scope] ?? null) : null;
}

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
