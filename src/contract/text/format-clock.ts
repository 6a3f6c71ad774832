/** Times of a recording as text: since its start, or of the day where its start is known. */

/** Formats a time: `0:07`, `12:03.125`, `1:02:03`. @param digits decimals of the seconds */
export function formatClock(seconds: number, digits = 0): string {
  const units = Math.round(seconds * 10 ** digits);
  const whole = Math.floor(units / 10 ** digits);
  const rest = digits === 0 ? "" : `.${String(units % 10 ** digits).padStart(digits, "0")}`;
  const pad = (n: number): string => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return `${hours > 0 ? `${hours}:${pad(minutes)}` : minutes}:${pad(whole % 60)}${rest}`;
}

/**
 * Formats a time of a recording: `22:45:10` by the clock where the start is known, with the date of a later day
 * (`2026-03-02 01:05:00`), else since the start.
 * @param startsAt local date and time of the first sample, ISO 8601 without a zone
 */
export function recordingTime(startsAt: string | null, seconds: number): string {
  const start = startsAt === null ? Number.NaN : Date.parse(`${startsAt}Z`);
  if (Number.isNaN(start)) return formatClock(seconds);
  const at = new Date(start + Math.round(seconds) * 1000).toISOString();
  return at.slice(0, 10) === new Date(start).toISOString().slice(0, 10)
    ? at.slice(11, 19)
    : `${at.slice(0, 10)} ${at.slice(11, 19)}`;
}
