/** Tags as the user types them: separated by commas. */

/** Returns each tag once, trimmed. */
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
