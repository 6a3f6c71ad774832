/** Formats and parses times of a recording. */

/** Formats a time: `0:07`, `12:03.125`, `1:02:03`. @param digits decimals of the seconds */
export function formatClock(seconds: number, digits = 0): string {
  const units = Math.round(seconds * 10 ** digits);
  const whole = Math.floor(units / 10 ** digits);
  const rest = digits === 0 ? "" : `.${String(units % 10 ** digits).padStart(digits, "0")}`;
  const pad = (n: number): string => String(n).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return `${hours > 0 ? `${hours}:${pad(minutes)}` : minutes}:${pad(whole % 60)}${rest}`;
}

/** Parses a typed time, in s: `90`, `1:30`, `1:30.5`, `0:01:30`. Returns null where the text is not a time. */
export function parseClock(text: string): number | null {
  const match = /^(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6}(?:[.,]\d{1,6})?)$/.exec(text.trim());
  if (!match) return null;
  const [, hours = "0", minutes = "0", seconds = "0"] = match;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds.replace(",", "."));
}
