/**
 * Reads the comment lines of a header as notes on the patient. Pure.
 *
 * Convention of MIT-BIH: the first line has age, sex, and numbers of tape and recorder (`69 M 1085 1629 x1`; an age of −1 is unknown),
 * the second the medications (`None` where there were none), all others remarks. Other databases, and the sample, name age and sex
 * (`Age: 27  Sex: M`; the St Petersburg database writes `<age>: 65 <sex>: F`). All else is header notes.
 */

export interface PatientNotes {
  /** `Age 69, male · Medications: Aldomet, Inderal`; empty for a header of another form. */
  summary: string;
  /** Remarks and header notes; may be empty. */
  remarks: string;
}

const NAMED_AGE = /<?\bage\b>?:\s*(\d{1,3})\b\s*/i;
const NAMED_SEX = /<?\bsex\b>?:\s*(male|female|m|f)\b\s*/i;
const PATIENT_LINE = /^(-?\d{1,3}) ([MF])\b\s*(.*)$/;

export function patientNotes(comments: readonly string[]): PatientNotes {
  const lines = comments.map((comment) => comment.trim()).filter((line) => line !== "");
  const [first = "", second = "", ...others] = lines;
  const match = PATIENT_LINE.exec(first);
  if (!match) return namedNotes(joined(lines));
  const [, age = "", sex, codes] = match;
  const summary = [`Age ${age.startsWith("-") ? "unknown" : age}, ${sex === "M" ? "male" : "female"}`];
  if (second !== "") summary.push(/^none\.?$/i.test(second) ? "No medications" : `Medications: ${second}`);
  const remarks = others.length > 0 ? [others.join(" ")] : [];
  if (codes) remarks.push(`Header notes: ${codes}`);
  return { summary: summary.join(" · "), remarks: remarks.join(" · ") };
}

/** Joins lines to one text: a line with a capital begins a note, also after a line without a full stop. */
function joined(lines: readonly string[]): string {
  return lines
    .map((line, i) => {
      if (i === 0) return line;
      return `${/[^.,;:!?]$/.test(lines[i - 1]) && /^\p{Lu}/u.test(line) ? "; " : " "}${line}`;
    })
    .join("");
}

/** Reads age and sex by their names. */
function namedNotes(notes: string): PatientNotes {
  const age = NAMED_AGE.exec(notes)?.[1];
  const sex = NAMED_SEX.exec(notes)?.[1];
  const rest = notes
    .replace(NAMED_AGE, "")
    .replace(NAMED_SEX, "")
    .replace(/^[;\s]+/, "")
    .trim();
  const known = [
    ...(age === undefined ? [] : [`Age ${Number(age)}`]),
    ...(sex === undefined ? [] : [/^m/i.test(sex) ? "male" : "female"]),
  ].join(", ");
  const summary = known === "" ? "" : known[0].toUpperCase() + known.slice(1);
  return { summary, remarks: rest === "" ? "" : `Header notes: ${rest}` };
}

/** Returns all notes in one line, for tables. */
export function notesInLine({ summary, remarks }: PatientNotes): string {
  return [summary, remarks].filter((part) => part !== "").join(" · ");
}
