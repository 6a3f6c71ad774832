/** Groups the findings of many recordings: one line with a count, and the recordings on request. */
import type { Finding, FindingCode, RecordHealth } from "./recordings.ts";

/** What a finding says of a recording: it is damaged, its format is not supported, it has nothing to use, or an oddity. */
export type Verdict = Finding["severity"] | "unsupported" | "unusable";

/** Returns the verdict: only damage is called damage, although all of these recordings are excluded. */
export function verdictOf({ severity, code }: Pick<Finding, "severity" | "code">): Verdict {
  return severity === "damaged" && (code === "unsupported" || code === "unusable") ? code : severity;
}

export interface FindingGroup {
  severity: Finding["severity"];
  /** Absent where the findings have none. */
  code?: FindingCode | undefined;
  /** One sentence for all recordings. */
  title: string;
  /** Empty where nothing needs to be done, or where the recordings need different things. */
  fix: string;
  /** The recordings in their order, each with its message. */
  records: { name: string; message: string; fix: string }[];
}

const ranks: Readonly<Record<Finding["severity"], number>> = { damaged: 0, warning: 1, note: 2 };

/** Returns groups of findings of one kind, severe ones first, then those of most recordings. */
export function groupFindings(records: readonly Pick<RecordHealth, "name" | "findings">[]): FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  for (const { name, findings } of records) {
    for (const finding of findings) {
      const key = `${finding.severity} ${kindOf(finding, name)}`;
      const { severity, code, fix } = finding;
      const group = groups.get(key) ?? { severity, code, title: "", fix, records: [] };
      groups.set(key, group);
      group.records.push({ name, message: finding.message, fix: finding.fix });
      group.title ||= titleOf(finding);
      if (group.fix !== finding.fix) group.fix = "";
    }
  }
  for (const group of groups.values()) {
    const messages = new Set(group.records.map(({ message }) => message));
    if (messages.size === 1) [group.title] = messages;
  }
  return [...groups.values()].sort(
    (a, b) => ranks[a.severity] - ranks[b.severity] || b.records.length - a.records.length,
  );
}

/** One sentence for all recordings with a finding of a code. */
const titles: Readonly<Record<FindingCode, string>> = {
  "flat-lead": "A lead is flat from start to end.",
  "flat-interval": "A lead is flat for seconds.",
  "railed-lead": "A lead is at its lowest or highest value for a large share of the recording.",
  "missing-samples": "Samples are missing.",
  "all-missing": "A lead has no sample.",
  offset: "A lead has an offset of millivolts.",
  "implausible-amplitude": "Amplitudes are implausible: the unit or the gain may be wrong.",
  "not-ecg": "A signal is no ECG.",
  "unknown-unit": "The unit of a lead is unknown.",
  "no-gain": "The header has no gain: 200 units per mV were assumed.",
  "no-annotations": "There are no annotations: the recordings can be viewed, but not prepared.",
  "no-beats": "There are no beat annotations.",
  "single-symbol": "All beats have one symbol.",
  "times-backward": "Annotations are not in order of time.",
  "beats-too-close": "Beats follow each other too closely; some R-peaks may be annotated twice.",
  "annotations-beyond-end": "Annotations are beyond the end of the recording.",
  checksum: "Samples differ from the checksum or the initial value in the header.",
  truncated: "Signals are shorter than the header says.",
  header: "The header is odd; it was read by the specification.",
  unsupported: "The format is not supported.",
  unusable: "The file has nothing to use, or lacks what is needed to read it.",
  "patients-unknown": "The patients of these beats are unknown: a test set can't be kept free of them.",
};

function titleOf({ code, message }: Finding): string {
  return code === undefined ? message : titles[code];
}

/** Returns what a finding is about: its code, else its message without the name of the recording and without numbers. */
function kindOf(finding: Finding, record: string): string {
  return finding.code ?? finding.message.replaceAll(record, "…").replace(/\d+(?:[.,]\d+)*/g, "#");
}
