/** Times as text: ISO 8601 in UTC for storage, minutes in UTC for messages. */

/** Returns the present time in ISO 8601, UTC, as the database stores it: `2026-11-29T14:05:09.120Z`. */
export function timestamp(): string {
  return new Date().toISOString();
}

/** Formats a time for a message: `2026-11-29 14:05 UTC`. */
export function formatUtcMinute(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** Formats a time for a file name, without colons: `2026-11-29T14-05-09`. */
export function fileNameTime(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(":", "-");
}
