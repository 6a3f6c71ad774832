/** The beginning of a text that is too long, with a sign that it goes on. @param longest length of what is returned, in characters */
export function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

/** Longest part of a message that repeats what somebody else wrote, such as a key of a document, in characters. */
export const MAX_QUOTED_LENGTH = 300;
