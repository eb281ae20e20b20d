import type { Problem } from "./generated/Problem";

/** What the window can show: a Problem of the engine, or its own when a call got no usable answer. */
export type ShownProblem = Omit<Problem, "code"> & { code: Problem["code"] | "unexpected" };

function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Record<string, unknown>;
  return ["code", "what", "why", "fix"].every((key) => typeof fields[key] === "string");
}

/** The Problem a call was rejected with; anything else means that the call itself went wrong. */
export function asProblem(rejection: unknown): ShownProblem {
  if (isProblem(rejection)) return rejection;
  return {
    code: "unexpected",
    what: "Birdkey could not do that.",
    why: "The window got no usable answer from the rest of the app.",
    fix: "Try again. If it happens again, close the window and open Birdkey anew.",
  };
}
