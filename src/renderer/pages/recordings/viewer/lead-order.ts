/** Which leads are drawn, in which order, and which of them upside down. Pure. */

export interface LeadDisplay {
  /** Number of the lead in the recording, from 0. */
  lead: number;
  shown: boolean;
  inverted: boolean;
}

export function allLeads(count: number): LeadDisplay[] {
  return Array.from({ length: count }, (_, lead) => ({ lead, shown: true, inverted: false }));
}

/** Shows or hides a lead. The last shown lead stays. */
export function toggleLead(leads: readonly LeadDisplay[], lead: number): LeadDisplay[] {
  const toggled = leads.map((each) => (each.lead === lead ? { ...each, shown: !each.shown } : each));
  return toggled.some(({ shown }) => shown) ? toggled : [...leads];
}

export function invertLead(leads: readonly LeadDisplay[], lead: number): LeadDisplay[] {
  return leads.map((each) => (each.lead === lead ? { ...each, inverted: !each.inverted } : each));
}

/** Moves a lead up (−1) or down (1) by one position; the first and the last stay. */
export function moveLead(leads: readonly LeadDisplay[], lead: number, by: 1 | -1): LeadDisplay[] {
  const from = leads.findIndex((each) => each.lead === lead);
  const to = from + by;
  if (from < 0 || to < 0 || to >= leads.length) return [...leads];
  const moved = [...leads];
  [moved[from], moved[to]] = [moved[to], moved[from]];
  return moved;
}

/** The standard page of a 12-lead ECG: three rows of four leads. */
const TWELVE_LEADS = [
  ["I", "AVR", "V1", "V4"],
  ["II", "AVL", "V2", "V5"],
  ["III", "AVF", "V3", "V6"],
];

/**
 * Returns the numbers of the leads in three rows and four columns; null where one of the twelve is missing.
 * @param names lead names of the recording, in any case
 */
export function twelveLeads(names: readonly string[]): number[][] | null {
  const normal = names.map((name) =>
    name
      .trim()
      .toUpperCase()
      .replace(/^LEAD /, ""),
  );
  const rows = TWELVE_LEADS.map((row) => row.map((name) => normal.indexOf(name)));
  return rows.flat().includes(-1) ? null : rows;
}
