import type { Problem } from "./generated/Problem";
import { t } from "../language/language.svelte";

/** What the window can show: a Problem of the engine, or its own when a call got no usable answer. */
export type ShownProblem = Omit<Problem, "code"> & { code: Problem["code"] | "unexpected" | "scopes_dropped" };

function isProblem(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false;
  const fields = value as Record<string, unknown>;
  return ["code", "what", "why", "hint"].every((key) => typeof fields[key] === "string");
}

/** The Problem a call was rejected with; anything else means that the call itself went wrong. */
export function asProblem(rejection: unknown): ShownProblem {
  if (isProblem(rejection)) return rejection;
  return {
    code: "unexpected",
    what: t("frame.unexpected.what"),
    why: t("frame.unexpected.why"),
    hint: t("frame.unexpected.hint"),
  };
}
