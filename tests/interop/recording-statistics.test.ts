/**
 * Compares the statistics of a recording's report with a computation by NumPy and regular expressions, on all recordings
 * of MIT-BIH. ECTOPY_PYTHON names the Python, ECTOPY_MITDB the database.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DEFAULT_REPORT_SETTINGS, type RecordingStatistics } from "../../src/contract/domain/recording-report.ts";
import { DiskFolder } from "../../src/main/workers/disk-folder.ts";
import { loadRecord } from "../../src/main/workers/record-files.ts";
import { inOrderOfTime, parseRecord } from "../../src/pipeline/recordings/wfdb/record.ts";
import { recordingStatistics } from "../../src/pipeline/rhythm/statistics/recording-statistics.ts";
import { askPython, python } from "../support/python.ts";
import { mitdb, NO_MITDB } from "../support/real-data.ts";

/** Classes become one text for each stretch without a break, in which regular expressions find groups. */
const SCRIPT = `
import json, re, sys
import numpy as np, wfdb
question = json.load(sys.stdin)
MAP = {}
for label, symbols in {"N": "NLRBejn", "S": "AaJS", "V": "VEr", "F": "F", "Q": "/fQ?"}.items():
    MAP.update({symbol: label for symbol in symbols})
NOT_SINUS = {"AFIB", "AFL", "AT", "SVTA", "J", "NOD", "P", "IVR", "VT", "VFL", "VF", "VFIB", "ASYS", "BII", "BIII", "SAB"}

def read(name):
    a = wfdb.rdann(f"{question['folder']}/{name}", "atr")
    length = wfdb.rdheader(f"{question['folder']}/{name}").sig_len
    return np.array(a.sample), np.array(a.symbol), a.subtype, [x.strip("\\0") for x in a.aux_note], length

def ectopy(text, letter):
    runs = [len(m.group()) for m in re.finditer(letter + "+", text)]
    beats = [text.count(letter), runs.count(1), runs.count(2), runs.count(3), sum(r > 2 for r in runs), max((r for r in runs if r > 2), default=0)]
    patterns = []
    for between in ("N", "NN"):
        alone = f"(?<!{letter}){letter}(?!{letter})"
        found = re.findall(f"{alone}(?:{between}{alone}){{2,}}", text)
        patterns += [len(found), sum(each.count(letter) for each in found)]
    return beats + patterns

def answer(name):
    sample, symbol, subtype, aux, length = read(name)
    flutter, start = [], None
    for s, y in zip(sample, symbol):
        if y == "[": start = s
        if y == "]" and start is not None: flutter.append((start, s)); start = None
    change = [(s, a[1:]) for s, a in zip(sample, aux) if a.startswith("(")]
    rhythm = [(s, change[i + 1][0] if i + 1 < len(change) else length, c) for i, (s, c) in enumerate(change)]
    quality = [(s, t) for s, y, t in zip(sample, symbol, subtype) if y == "~"]
    unreadable = [(s, quality[i + 1][0] if i + 1 < len(quality) else length)
                  for i, (s, t) in enumerate(quality) if t == -1 or (t & 0x30) == 0x30]
    inside = lambda ranges, a, b: any(f < b and t > a for f, t in ranges)
    keep = [i for i, y in enumerate(symbol) if y in MAP]
    at, label, sinus = sample[keep], [MAP[symbol[i]] for i in keep], [symbol[i] in "NLRB" for i in keep]
    rr = np.diff(at) / 360
    whole = np.array([a < b and not inside(flutter + unreadable, a, b) for a, b in zip(at, at[1:])])
    text = "".join(l if i == 0 or whole[i - 1] else "|" + l for i, l in enumerate(label))
    rates = []
    for stretch in np.split(np.where(whole, rr, np.nan), np.flatnonzero(~whole)):
        stretch = stretch[~np.isnan(stretch)]
        if len(stretch) >= 8: rates.append(480 / np.convolve(stretch, np.ones(8), "valid"))
    rates = np.concatenate(rates)
    others = [(f, t) for f, t, c in rhythm if c in NOT_SINUS]
    nn = np.array([r if ok and p and n and not inside(others, a, b) else np.nan
                   for r, ok, p, n, a, b in zip(rr, whole, sinus, sinus[1:], at, at[1:])])
    before = np.concatenate([[np.nan], nn[:-1]])
    good = (nn >= 0.3) & (nn <= 2) & ~(np.abs(nn - before) > 0.2 * before)
    accepted = np.where(good, nn, np.nan)
    one, two = accepted[:-1], accepted[1:]
    both = ~np.isnan(one) & ~np.isnan(two)
    d, values = (two - one)[both], accepted[good]
    variability = None
    if len(d) >= 2:
        segment = np.floor(at[1:][good] / 360 / 300)
        parts = [values[segment == s] for s in np.unique(segment)]
        parts = [p for p in parts if p.sum() >= 150]
        bins = np.unique(np.floor(values * 128), return_counts=True)[1]
        cross = np.cov(one[both], two[both])
        variability = [len(values), int((~np.isnan(nn) & ~good).sum()), 1000 * values.mean(), 1000 * values.std(ddof=1),
            1000 * np.sqrt((d ** 2).mean()), float((np.abs(d) > 0.05).mean()), len(values) / bins.max(),
            1000 * np.std([p.mean() for p in parts], ddof=1) if len(parts) > 1 else None,
            1000 * np.mean([p.std(ddof=1) for p in parts]) if len(parts) > 1 else None,
            1000 * np.sqrt((cross[0, 0] + cross[1, 1] - 2 * cross[0, 1]) / 2),
            1000 * np.sqrt((cross[0, 0] + cross[1, 1] + 2 * cross[0, 1]) / 2)]
    af = [(t - f) / 360 for f, t, c in rhythm if c == "AFIB"]
    pauses = rr[whole & (rr > 2)]
    return {"classes": [label.count(l) for l in "NSVFQ"], "rate": [60 / rr[whole].mean(), rates.min(), rates.max()],
            "ventricular": ectopy(text, "V"), "supraventricular": ectopy(text, "S"),
            "pauses": [len(pauses), pauses.max() if len(pauses) else None],
            "fibrillation": [len(af), sum(af), max(af, default=0)], "variability": variability}
json.dump({name: answer(name) for name in question["names"]}, sys.stdout, default=float)
`;

type Answer = Record<string, (number | null)[] | null>;

function asAnswer({ classes, heartRate, ectopy, pauses, rhythms, variability }: RecordingStatistics): Answer {
  const groups = ({ beats, singles, couplets, triplets, runs, longestRun, ...patterns }: Ectopy): number[] => {
    const { bigeminy, trigeminy } = patterns;
    const counts = [bigeminy.episodes, bigeminy.beats, trigeminy.episodes, trigeminy.beats];
    return [beats, singles, couplets, triplets, runs, longestRun, ...counts];
  };
  const fibrillation = rhythms.find(({ code }) => code === "AFIB");
  return {
    classes,
    rate: [heartRate.mean, heartRate.lowest, heartRate.highest],
    ventricular: groups(ectopy.ventricular),
    supraventricular: groups(ectopy.supraventricular),
    pauses: [pauses.count, pauses.longest],
    fibrillation: [fibrillation?.episodes ?? 0, fibrillation?.seconds ?? 0, fibrillation?.longest ?? 0],
    variability: variability && [
      ...[variability.intervals, variability.excluded, variability.meanNn, variability.sdnn, variability.rmssd],
      ...[variability.pnn50, variability.triangularIndex, variability.sdann, variability.sdnnIndex],
      ...[variability.sd1, variability.sd2],
    ],
  };
}
type Ectopy = RecordingStatistics["ectopy"]["ventricular"];

it("equals NumPy on the annotations of MIT-BIH, to 1e-6", { timeout: 300_000 }, async (ctx) => {
  if (python === undefined) return ctx.skip("ECTOPY_PYTHON names no Python with wfdb");
  if (mitdb === undefined) return ctx.skip(NO_MITDB);
  const names = readFileSync(join(mitdb, "RECORDS"), "latin1").split(/\s+/).filter(Boolean);
  const theirs = await askPython<Record<string, Answer>>(SCRIPT, { folder: mitdb, names });
  const folder = new DiskFolder(mitdb);
  for (const name of names) {
    const { recording, annotations } = parseRecord(loadRecord(folder, name));
    const { length, rate, signals } = recording;
    const input = { annotations: inOrderOfTime(annotations), length, rate, leads: signals.length, startsAt: null };
    const ours = asAnswer(recordingStatistics(input, DEFAULT_REPORT_SETTINGS));
    for (const [part, values] of Object.entries(theirs[name])) {
      values?.forEach((value, i) => {
        const own = ours[part]?.[i];
        if (value === null || own === null || own === undefined) expect(own, `${name} ${part} ${i}`).toBe(value);
        else expect(own, `${name} ${part} ${i}`).toBeCloseTo(value, 6);
      });
    }
  }
});
