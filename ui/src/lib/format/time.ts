import type { TokenView } from "../backend/generated/TokenView";
import { locale, t } from "../language/language.svelte";

const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** How moments are written: in words of the language, by the habits of the machine. */
export interface Habits {
  locale: string;
  /** What overrides the language's own way to count hours. */
  hours: Pick<Intl.DateTimeFormatOptions, "hourCycle">;
}

/** The machine's own region where it speaks the language. English is also spoken by people whose
 * machine is of another country: they keep its clock of 24 hours, not its names of months. */
export function habits(machine: string, spoken: string): Habits {
  if (machine.split("-")[0] === spoken) return { locale: machine, hours: {} };
  if (spoken !== "en") return { locale: spoken, hours: {} };
  const { hourCycle } = new Intl.DateTimeFormat(machine, { hour: "numeric" }).resolvedOptions();
  return { locale: spoken, hours: hourCycle === undefined ? {} : { hourCycle } };
}

const habitsNow = (): Habits => habits(new Intl.DateTimeFormat().resolvedOptions().locale, locale());
const HOUR_AND_MINUTE = { hour: "numeric", minute: "2-digit" } as const;

const pad = (value: number): string => String(value).padStart(2, "0");

/** A span in words that changes every second, e.g. `1 h 59 min 03 s`; rounded down, never negative. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  const days = Math.floor(seconds / DAY_S);
  const hours = Math.floor((seconds % DAY_S) / HOUR_S);
  const minutes = Math.floor((seconds % HOUR_S) / MINUTE_S);
  const rest = seconds % MINUTE_S;
  if (days > 0) return t("accounts.span.days", { days, hours, minutes: pad(minutes) });
  if (hours > 0) return t("accounts.span.hours", { hours, minutes: pad(minutes), seconds: pad(rest) });
  if (minutes > 0) return t("accounts.span.minutes", { minutes, seconds: pad(rest) });
  return t("accounts.span.seconds", { seconds: rest });
}

/** The time left as minutes and seconds, e.g. `4:07`; rounded down, so that it never promises more. */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  return `${Math.floor(seconds / MINUTE_S)}:${pad(seconds % MINUTE_S)}`;
}

/** The time of day by the clock on the wall. */
export function timeOfDay(ms: number, { locale, hours }: Habits = habitsNow()): string {
  return new Intl.DateTimeFormat(locale, { ...HOUR_AND_MINUTE, ...hours }).format(ms);
}

/** A moment by the clock on the wall; with the day when it is another day than `nowMs`. */
export function clockTime(ms: number, nowMs: number, by: Habits = habitsNow()): string {
  if (new Date(ms).toDateString() === new Date(nowMs).toDateString()) return timeOfDay(ms, by);
  const form = { ...HOUR_AND_MINUTE, ...by.hours, day: "numeric", month: "short" } as const;
  return new Intl.DateTimeFormat(by.locale, form).format(ms);
}

/** The day of a moment, for a heading. */
export function day(ms: number, { locale }: Habits = habitsNow()): string {
  const form = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
  return new Intl.DateTimeFormat(locale, form).format(ms);
}

/** Clocks that are set right by the network jump by less than this; Rust measures by the same. */
const CLOCK_TOLERANCE_MS = 60_000;

/** Whether a token came in the future, which tells that the clock was set back: its expiry then means
 * nothing. */
export const clockWasSetBack = ({ obtainedAtMs }: Pick<TokenView, "obtainedAtMs">, nowMs: number): boolean =>
  obtainedAtMs - nowMs > CLOCK_TOLERANCE_MS;

/** When an access token expires: countdown and clock time, or what is known instead. */
export function expiry(
  token: Pick<TokenView, "expiresAtMs" | "obtainedAtMs">,
  nowMs: number,
): { left: string; at: string } {
  const { expiresAtMs } = token;
  if (expiresAtMs === null) return { left: t("accounts.expiry.unknown"), at: t("accounts.expiry.not_given") };
  if (clockWasSetBack(token, nowMs)) return { left: t("accounts.expiry.unknown"), at: t("accounts.expiry.clock") };
  const at = clockTime(expiresAtMs, nowMs);
  if (expiresAtMs <= nowMs) return { left: t("accounts.expiry.expired"), at: t("accounts.expiry.at", { time: at }) };
  return {
    left: t("accounts.expiry.in", { span: span(expiresAtMs - nowMs) }),
    at: t("accounts.expiry.at", { time: at }),
  };
}
