/** Warnings about recordings, each once with the recordings that it concerns. */

/** Recordings that a warning names. */
const MAX_NAMED = 5;

/** Returns `100, 101: …` for each warning, in their first order. */
export function groupedWarnings(recordings: readonly { record: string; warnings: readonly string[] }[]): string[] {
  const byText = new Map<string, string[]>();
  for (const { record, warnings } of recordings) {
    for (const warning of warnings) byText.set(warning, [...(byText.get(warning) ?? []), record]);
  }
  return [...byText].map(([text, records]) => {
    const more = records.length > MAX_NAMED ? ` and ${records.length - MAX_NAMED} more` : "";
    return `${records.slice(0, MAX_NAMED).join(", ")}${more}: ${text}`;
  });
}
