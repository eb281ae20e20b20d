/** An endpoint of X's API that many programs use, with the scopes it needs. */
export interface Endpoint {
  method: string;
  path: string;
  scopes: string[];
}

const read = ["tweet.read", "users.read"];

const endpoint = (method: string, path: string, ...scopes: string[]): Endpoint => ({
  method,
  path,
  scopes: [...new Set([...scopes, ...read])],
});

/** X's docs, "X API v2 authentication mapping", read 2026-08. */
export const ENDPOINTS: Endpoint[] = [
  endpoint("GET", "/2/users/me"),
  endpoint("GET", "/2/users/by/username/:username"),
  endpoint("GET", "/2/users/:id"),
  endpoint("GET", "/2/users/:id/tweets"),
  endpoint("GET", "/2/users/:id/mentions"),
  endpoint("GET", "/2/users/:id/timelines/reverse_chronological"),
  endpoint("GET", "/2/tweets/:id"),
  endpoint("GET", "/2/tweets/search/recent?query=from:XDevelopers"),
  endpoint("POST", "/2/tweets", "tweet.write"),
  endpoint("DELETE", "/2/tweets/:id", "tweet.write"),
  endpoint("PUT", "/2/tweets/:id/hidden", "tweet.moderate.write"),
  endpoint("GET", "/2/users/:id/followers", "follows.read"),
  endpoint("GET", "/2/users/:id/following", "follows.read"),
  endpoint("POST", "/2/users/:id/following", "follows.write"),
  endpoint("GET", "/2/users/:id/liked_tweets", "like.read"),
  endpoint("POST", "/2/users/:id/likes", "like.write"),
  endpoint("POST", "/2/users/:id/retweets", "tweet.write"),
  endpoint("GET", "/2/users/:id/bookmarks", "bookmark.read"),
  endpoint("POST", "/2/users/:id/bookmarks", "bookmark.write"),
  endpoint("GET", "/2/users/:id/owned_lists", "list.read"),
  endpoint("POST", "/2/lists", "list.write"),
  endpoint("GET", "/2/users/:id/muting", "mute.read"),
  endpoint("GET", "/2/users/:id/blocking", "block.read"),
  endpoint("GET", "/2/spaces/search?query=x", "space.read"),
  endpoint("GET", "/2/dm_events", "dm.read"),
  endpoint("POST", "/2/dm_conversations/with/:participant_id/messages", "dm.write"),
];

const bare = (path: string): string => path.split("?")[0] ?? path;

/** The endpoint that a path is of; a part of it that begins with a colon stands for anything. */
export function endpointOf(method: string, path: string): Endpoint | null {
  const given = bare(path).split("/");
  const fits = (known: string): boolean => {
    const parts = bare(known).split("/");
    return (
      parts.length === given.length &&
      parts.every((part, at) => part === given[at] || (part.startsWith(":") && given[at] !== ""))
    );
  };
  const known = ENDPOINTS.filter((it) => it.method === method && fits(it.path));
  return known.find((it) => bare(it.path) === bare(path)) ?? known[0] ?? null;
}

/** Parts of a path that stand for something still to be filled in. */
export function placeholders(path: string): string[] {
  return bare(path).split("/").filter((part) => /^:\w/.test(part));
}
