import type { ActivityEntry } from "../backend/generated/ActivityEntry";
import { locale, t } from "../language/language.svelte";

/** An entry as a sentence. */
export function activityWords({ what, program, count, code }: ActivityEntry): string {
  const who = program ?? t("activity.unknown_program");
  switch (what) {
    case "token":
      return t("activity.said.token", { program: who, count });
    case "failure":
      return program === null
        ? t("activity.said.failure", { code: code ?? "?" })
        : t("activity.said.failure_of", { program: who, code: code ?? "?" });
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
