/** Tags as they are typed: with commas between. */

/** @returns each once, without the space around it */
export function parseTags(typed: string): string[] {
  return [
    ...new Set(
      typed
        .split(",")
        .map((tag) => tag.trim())
        .filter((tag) => tag !== ""),
    ),
  ];
}
