/**
 * Names of leads in DICOM files: by the code of a channel's source, or by its label.
 *
 * Source: DICOM PS3.16, CID 3001 (ECG leads), whose codes are those of SCP-ECG (EN 1064) and of ISO/IEEE 11073-10101.
 */
const STANDARD_LEADS: ReadonlyMap<number, string> = new Map([
  ...["I", "II", "V1", "V2", "V3", "V4", "V5", "V6"].map((lead, i): [number, string] => [i + 1, lead]),
  ...["III", "aVR", "aVL", "aVF"].map((lead, i): [number, string] => [61 + i, lead]),
]);

/** `5.6.3-9-1` of SCPECG, and `2:1` of MDC. */
const CODE = /^(?:5\.6\.3-9-|2:)(\d{1,3})$/;
/** `Lead I (Einthoven)`, `Lead aVR`. */
const MEANING = /^(?:lead\s+)?([^()]+?)(?:\s*\(.*\))?$/i;

/** @returns empty where nothing names the lead */
export function leadName({ code, meaning, label }: { code: string; meaning: string; label: string }): string {
  const standard = STANDARD_LEADS.get(Number(CODE.exec(code)?.[1] ?? Number.NaN));
  if (standard !== undefined) return standard;
  const named = (MEANING.exec(meaning)?.[1] ?? "").trim();
  return (label === "" ? named : label)
    .replace(/^AV([RLF])$/i, (_, limb: string) => `aV${limb.toUpperCase()}`)
    .slice(0, 100);
}
