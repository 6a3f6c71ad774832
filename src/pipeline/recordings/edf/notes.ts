/** Notes of an EDF header: patient, recording, transducers and filters. They may hold personal data. */
import type { EdfHeader } from "./header.ts";
import { months } from "./start.ts";

export function notesOf(header: EdfHeader): string[] {
  return [
    ...ageAndSex(header),
    ...(isUnknown(header.patient) ? [] : [`Patient: ${header.patient}`]),
    ...(isUnknown(header.recording.replace(/^Startdate \S+/i, "")) ? [] : [`Recording: ${header.recording}`]),
    ...perSignal(header, "Transducer", "transducer"),
    ...perSignal(header, "Prefilter", "prefilter"),
  ];
}

/** EDF+, 2.1.3.3: an unknown subfield is `X`. */
function isUnknown(field: string): boolean {
  return /^[X ]*$/.test(field);
}

/** EDF+, 2.1.3.3: the patient field has code, sex, date of birth and name. */
function ageAndSex({ patient, variant, start }: EdfHeader): string[] {
  if (!variant.includes("+")) return [];
  const [, sex = "", birth = ""] = patient.split(" ");
  const born = /^(\d{2})-([A-Za-z]{3})-(\d{4})$/.exec(birth);
  const parts: string[] = [];
  if (born !== null && start.date !== null) {
    const [year, month, day] = start.date.split("-").map(Number);
    const birthMonth = months.indexOf(born[2].toUpperCase()) + 1;
    const isBefore = month < birthMonth || (month === birthMonth && day < Number(born[1]));
    const age = year - Number(born[3]) - (isBefore ? 1 : 0);
    if (birthMonth > 0 && age >= 0 && age < 130) parts.push(`Age: ${age}`);
  }
  if (/^[MF]$/.test(sex)) parts.push(`Sex: ${sex}`);
  return parts.length === 0 ? [] : [parts.join("  ")];
}

function perSignal({ signals }: EdfHeader, title: string, field: "transducer" | "prefilter"): string[] {
  const leads = new Map<string, string[]>();
  for (const { label, isAnnotations, [field]: text } of signals) {
    if (!isAnnotations && text !== "") leads.set(text, [...(leads.get(text) ?? []), label]);
  }
  return [...leads].map(([text, labels]) => `${title}: ${text} (${labels.slice(0, 16).join(", ")})`);
}
