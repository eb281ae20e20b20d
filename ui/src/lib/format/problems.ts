import type { LogoutView } from "../backend/generated/LogoutView";
import type { ShownProblem } from "../backend/problem";

/** Their hints end in a line for a shell. */
const WITH_LINE: ShownProblem["code"][] = ["account_elsewhere", "login_elsewhere"];

/** A hint in two: its words, and the line for a shell that it ends in, if it does. */
export function hintOf({ code, hint }: ShownProblem): { words: string; line: string | null } {
  const at = WITH_LINE.includes(code) ? hint.search(/\bexport \w+=/) : -1;
  return at < 0 ? { words: hint, line: null } : { words: hint.slice(0, at).trim(), line: hint.slice(at) };
}

/** Whether tokens of this login may still work at the provider. */
export const isUnfinished = ({ accessToken, refreshToken, newerTokens }: LogoutView): boolean =>
  newerTokens !== null ||
  [accessToken, refreshToken].some(({ state }) => state === "failed" || state === "waiting");

/** Whether a logout left the person something to do or to know. */
export const hasMoreToSay = (logout: LogoutView): boolean => isUnfinished(logout) || logout.hint !== null;

/** Whether two say the same. */
export const isSame = (one: ShownProblem, other: ShownProblem): boolean =>
  one.code === other.code && one.what === other.what && one.why === other.why;

/** Each once, without those that are among `others`. */
export const distinct = <T extends ShownProblem>(all: T[], others: ShownProblem[] = []): T[] =>
  all.filter(
    (one, at) =>
      !others.some((other) => isSame(one, other)) && all.findIndex((other) => isSame(one, other)) === at,
  );
