import type { ActivityEntry } from "../backend/generated/ActivityEntry";
import { isKey } from "../language/catalogue";
import { locale, t } from "../language/language.svelte";

/** A failure in a clause; one that has no words here is named. */
function reason(code: string | null): string {
  const key = `activity.code.${code ?? ""}`;
  return isKey(key) ? t(key) : (code ?? "?").replaceAll("_", " ");
}

/** Stands for a program where a person copied the token. */
export const CLIPBOARD = "clipboard";

/** Whether it was this app itself, on behalf of the person before it. */
const isHere = (program: string): boolean => /^birdkey-desktop(\.exe)?$/.test(program);

/** An entry as a sentence. */
export function activityWords({ what, program, count, code }: ActivityEntry): string {
  const who = program ?? t("activity.unknown_program");
  switch (what) {
    case "token":
      if (who === CLIPBOARD) return t("activity.said.copied", { count });
      if (isHere(who)) return t("activity.said.here", { count });
      return t("activity.said.token", { program: who, count });
    case "failure":
      return program === null || program === CLIPBOARD
        ? t("activity.said.failure", { reason: reason(code) })
        : t("activity.said.failure_of", { program: who, reason: reason(code) });
    case "login":
    case "refresh":
    case "import":
    case "logout":
      return t(`activity.said.${what}`);
  }
}

/** A size in bytes, kilobytes or megabytes. */
export function size(bytes: number): string {
  const [unit, value] =
    bytes < 1000 ? (["byte", bytes] as const)
    : bytes < 1_000_000 ? (["kilobyte", bytes / 1000] as const)
    : (["megabyte", bytes / 1_000_000] as const);
  const unitDisplay = unit === "byte" ? "long" : "short";
  const form = { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(locale(), form).format(value);
}
