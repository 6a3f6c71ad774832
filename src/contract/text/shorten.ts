/** Returns a text of at most `maxLength` characters; a longer text is cut and ends in `…`. */
export function shortened(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}

/** Maximum length of quoted external text in a message, such as a key of a document, in characters. */
export const MAX_QUOTED_LENGTH = 300;
