const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

const pad = (value: number): string => String(value).padStart(2, "0");

/** A span in words that changes every second, e.g. `1 h 59 min 03 s`; rounded down, never negative. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  const days = Math.floor(seconds / DAY_S);
  const hours = Math.floor((seconds % DAY_S) / HOUR_S);
  const minutes = Math.floor((seconds % HOUR_S) / MINUTE_S);
  const rest = seconds % MINUTE_S;
  if (days > 0) return `${days} d ${hours} h ${pad(minutes)} min`;
  if (hours > 0) return `${hours} h ${pad(minutes)} min ${pad(rest)} s`;
  if (minutes > 0) return `${minutes} min ${pad(rest)} s`;
  return `${rest} s`;
}

/** The time left as minutes and seconds, e.g. `4:07`; rounded down, so that it never promises more. */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  return `${Math.floor(seconds / MINUTE_S)}:${pad(seconds % MINUTE_S)}`;
}

/** A moment by the clock on the wall; with the day when it is another day than `nowMs`. */
export function clockTime(ms: number, nowMs: number, locale?: string): string {
  const moment = new Date(ms);
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit" };
  if (moment.toDateString() === new Date(nowMs).toDateString()) {
    return moment.toLocaleTimeString(locale, time);
  }
  return moment.toLocaleString(locale, { ...time, day: "numeric", month: "short" });
}

/** When an access token expires: countdown and clock time, or what is known instead. */
export function expiry(expiresAtMs: number | null, nowMs: number): { left: string; at: string } {
  if (expiresAtMs === null) return { left: "not known", at: "the provider gave no expiry" };
  const at = clockTime(expiresAtMs, nowMs);
  if (expiresAtMs <= nowMs) return { left: "expired", at: `at ${at}` };
  return { left: `in ${span(expiresAtMs - nowMs)}`, at: `at ${at}` };
}
