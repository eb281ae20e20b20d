import { locale, t } from "../language/language.svelte";

const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** Clock and calendar of the window's language; English follows the machine's own habits. */
const timeLocale = (): string | undefined => (locale() === "en" ? undefined : locale());

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

/** A moment by the clock on the wall; with the day when it is another day than `nowMs`. */
export function clockTime(ms: number, nowMs: number, inLocale?: string): string {
  const spoken = inLocale ?? timeLocale();
  const moment = new Date(ms);
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  if (moment.toDateString() === new Date(nowMs).toDateString()) {
    return moment.toLocaleTimeString(spoken, time);
  }
  return moment.toLocaleString(spoken, { ...time, day: "numeric", month: "short" });
}

/** When an access token expires: countdown and clock time, or what is known instead. */
export function expiry(expiresAtMs: number | null, nowMs: number): { left: string; at: string } {
  if (expiresAtMs === null) return { left: t("accounts.expiry.unknown"), at: t("accounts.expiry.not_given") };
  const at = clockTime(expiresAtMs, nowMs);
  if (expiresAtMs <= nowMs) return { left: t("accounts.expiry.expired"), at: t("accounts.expiry.at", { time: at }) };
  return {
    left: t("accounts.expiry.in", { span: span(expiresAtMs - nowMs) }),
    at: t("accounts.expiry.at", { time: at }),
  };
}
