/**
 * Reads the comment lines of a header as notes on the patient. Pure.
 *
 * Convention of MIT-BIH: the first line has age, sex, and numbers of tape and recorder (`69 M 1085 1629 x1`; an age of −1 is unknown),
 * the second the medications (`None` where there were none), all others remarks. Headers that do not begin so are header notes.
 */

export interface PatientNotes {
  /** `Age 69, male · Medications: Aldomet, Inderal`; empty for a header of another form. */
  summary: string;
  /** Remarks and header notes; may be empty. */
  remarks: string;
}

const PATIENT_LINE = /^(-?\d{1,3}) ([MF])\b\s*(.*)$/;

export function patientNotes(comments: readonly string[]): PatientNotes {
  const lines = comments.map((comment) => comment.trim()).filter((line) => line !== "");
  const [first = "", second = "", ...others] = lines;
  const match = PATIENT_LINE.exec(first);
  if (!match) return { summary: "", remarks: lines.length === 0 ? "" : `Header notes: ${lines.join(" ")}` };
  const [, age = "", sex, codes] = match;
  const summary = [`Age ${age.startsWith("-") ? "unknown" : age}, ${sex === "M" ? "male" : "female"}`];
  if (second !== "") summary.push(/^none\.?$/i.test(second) ? "No medications" : `Medications: ${second}`);
  const remarks = others.length > 0 ? [others.join(" ")] : [];
  if (codes) remarks.push(`Header notes: ${codes}`);
  return { summary: summary.join(" · "), remarks: remarks.join(" · ") };
}

/** Returns all notes in one line, for tables. */
export function notesInLine({ summary, remarks }: PatientNotes): string {
  return [summary, remarks].filter((part) => part !== "").join(" · ");
}
