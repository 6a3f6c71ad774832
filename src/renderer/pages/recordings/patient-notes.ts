/**
 * Reads the comment lines of a header as notes on the patient. Pure.
 *
 * Convention of MIT-BIH: the first line has age, sex, and numbers of tape and recorder (`69 M 1085 1629 x1`; an age of −1 is unknown),
 * the second the medications (`None` where there were none), all others remarks. Headers that do not begin so are header notes.
 */

const PATIENT_LINE = /^(-?\d{1,3}) ([MF])\b\s*(.*)$/;

/** Returns the notes in one line: `Age 69, male · Medications: Aldomet, Inderal · Header notes: 1085 1629 x1`. */
export function patientNotes(comments: readonly string[]): string {
  const lines = comments.map((comment) => comment.trim()).filter((line) => line !== "");
  const [first = "", second = "", ...others] = lines;
  const match = PATIENT_LINE.exec(first);
  if (!match) return lines.length === 0 ? "" : `Header notes: ${lines.join(" ")}`;
  const [, age = "", sex, codes] = match;
  const parts = [`Age ${age.startsWith("-") ? "unknown" : age}, ${sex === "M" ? "male" : "female"}`];
  if (second !== "") parts.push(/^none\.?$/i.test(second) ? "No medications" : `Medications: ${second}`);
  if (others.length > 0) parts.push(others.join(" "));
  if (codes) parts.push(`Header notes: ${codes}`);
  return parts.join(" · ");
}
