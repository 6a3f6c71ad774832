/** Makes HL7 aECG files in the form of the implementation guide's examples. */
export interface AecgFields {
  sets: readonly {
    head: string;
    /** Digits by the lead's code, without its prefix. */ leads: Readonly<Record<string, readonly number[]>>;
  }[];
  increment?: string;
  /** `uV` for a digital unit, with its origin. */
  scale?: string;
  origin?: string;
  code?: string;
  /** Text before the root element, and after the series. */
  before?: string;
  after?: string;
}

export function makeAecg(fields: AecgFields): string {
  const { sets, increment = "0.002", scale = "5", origin = "0", code = "RHYTHM" } = fields;
  const sequence = (name: string, digits: readonly number[]): string =>
    `<component><sequence><code code="MDC_ECG_LEAD_${name}" codeSystem="2.16.840.1.113883.6.24"/><value xsi:type="SLIST_PQ">` +
    `<origin value="${origin}" unit="uV"/><scale value="${scale}" unit="uV"/><digits>${digits.join(" ")}</digits></value></sequence></component>`;
  const all = sets.map(
    ({ head, leads }) =>
      `<component><sequenceSet><component><sequence><code code="TIME_ABSOLUTE"/><value xsi:type="GLIST_TS">` +
      `<head value="${head}"/><increment value="${increment}" unit="s"/></value></sequence></component>` +
      `${Object.entries(leads)
        .map(([name, digits]) => sequence(name, digits))
        .join("\n")}</sequenceSet></component>`,
  );
  return (
    `<?xml version="1.0" encoding="UTF-8"?>${fields.before ?? ""}\n<AnnotatedECG xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
    `<!-- made for a test --><componentOf><timepointEvent><componentOf><subjectAssignment><subject><trialSubject><id extension="SBJ-123"/>` +
    `<subjectDemographicPerson><name>A &amp; B</name><administrativeGenderCode code="F"/><birthTime value="19530508"/></subjectDemographicPerson>` +
    `</trialSubject></subject></subjectAssignment></componentOf></timepointEvent></componentOf>` +
    `<component><series><code code="${code}"/><effectiveTime><low value="20021122091000.000"/></effectiveTime>${all.join("")}${fields.after ?? ""}</series></component></AnnotatedECG>\n`
  );
}
