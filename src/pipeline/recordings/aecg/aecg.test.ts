import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeAecg, type AecgFields } from "../../../../tests/support/aecg-files.ts";
import { samplesOf } from "../../../../tests/support/sources.ts";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { findRecordings } from "../formats.ts";
import { MISSING_VALUE } from "../source.ts";
import { encodeUtf8 } from "../text.ts";
import { openAecg } from "./source.ts";
import { parseXml } from "../xml/xml.ts";

const fields: AecgFields = { sets: [{ head: "20021122091000.000", leads: { I: [1, -2, 3], AVR: [4, 5, 6] } }] };
const read = (text: string) => openAecg(encodeUtf8(text), "a.xml");

describe("openAecg", () => {
  it("reads leads, scale, start and notes", () => {
    const source = read(makeAecg({ ...fields, origin: "10" }));
    expect(source).toMatchObject({ name: "a", format: "HL7 aECG", rate: 500, frames: 3, findings: [] });
    expect(source.startsAt).toBe("2002-11-22T09:10:00");
    expect(source.signals).toEqual([
      { lead: "I", units: "uV", gain: 0.2, baseline: -2, samplesPerFrame: 1 },
      { lead: "aVR", units: "uV", gain: 0.2, baseline: -2, samplesPerFrame: 1 },
    ]);
    expect(samplesOf(source)).toEqual([Int32Array.of(1, -2, 3), Int32Array.of(4, 5, 6)]);
    expect(source.comments).toEqual(["Sex: F", "Born: 19530508", "Name: A & B", "ID: SBJ-123"]);
  });

  it("places sets by their times, and shows what is between them as missing", () => {
    const sets = [
      { head: "20021122091000.000", leads: { II: [1, 2, 3] } },
      { head: "20021122091000.010", leads: { II: [7, 8], V1: [9, 10] } },
    ];
    const gap = MISSING_VALUE;
    expect(samplesOf(read(makeAecg({ sets })))).toEqual([
      Int32Array.of(1, 2, 3, gap, gap, 7, 8),
      Int32Array.of(gap, gap, gap, gap, gap, 9, 10),
    ]);
  });

  const interval = (from: string, to: string): string =>
    `<support><supportingROI><component><boundary><code code="TIME_ABSOLUTE"/><value xsi:type="IVL_TS">` +
    `<low value="${from}"/><high value="${to}"/></value></boundary></component></supportingROI></support>`;
  const annotationOf = (code: string, value: string, rest = ""): string =>
    `<component><annotation><code code="${code}"/><value xsi:type="CE" code="${value}"/>${rest}</annotation></component>`;
  const withAnnotations = (annotations: string, sets = fields.sets): string =>
    makeAecg({ sets, after: `<subjectOf><annotationSet>${annotations}</annotationSet></subjectOf>` });

  it("reads beats where their R-peaks are known, across midnight too", () => {
    const day = "20021122235959.900";
    const sets = [{ head: day, leads: { II: Array.from({ length: 1000 }, (_, i) => i) } }];
    const beats = [
      // A beat from P to T, with its QRS complex: the middle of that is the R-peak.
      annotationOf(
        "MDC_ECG_BEAT",
        "MDC_ECG_BEAT_V_P_C",
        interval("20021123000000.100", "20021123000000.700") +
          annotationOf("MDC_ECG_WAVC", "MDC_ECG_WAVC_QRSWAVE", interval("20021123000000.300", "20021123000000.420")),
      ),
      annotationOf("MDC_ECG_BEAT", "MDC_ECG_BEAT_NORMAL", interval("20021122235959.940", "20021122235959.980")),
      annotationOf("MDC_ECG_BEAT_PACED", "", interval("20021123000001.000", "20021123000001.000")),
      annotationOf("MDC_ECG_BEAT", "MDC_ECG_BEAT_BLK_IVCD", interval("20021123000001.500", "20021123000001.500")),
      annotationOf("MDC_ECG_BEAT", "MDC_ECG_BEAT_NORMAL", interval("20021123000000.100", "20021123000000.700")),
      annotationOf("MDC_ECG_BEAT", "MDC_ECG_BEAT_NORMAL", interval("20021123000009.000", "20021123000009.000")),
    ];
    const { annotators, findings } = read(withAnnotations(beats.join(""), sets));
    expect(annotators.map(({ annotator }) => annotator)).toEqual(["aecg"]);
    expect(annotators[0].annotations.map(({ sample, symbol }) => [sample, symbol])).toEqual([
      [30, "N"],
      [230, "V"],
      [550, "/"],
      [800, "Q"],
    ]);
    expect(findings.map(({ message }) => message)).toEqual([
      "a.xml: 2 of 6 beats were left out: none of their intervals inside the recording is at most 250 ms long, " +
        "so that their R-peaks are unknown.",
    ]);
  });

  it("reads beats by relative times, and says that waves are not read", () => {
    const relative = annotationOf(
      "MDC_ECG_BEAT",
      "MDC_ECG_BEAT_ATR_P_C",
      `<support><supportingROI><component><boundary><code code="TIME_RELATIVE"/><value value="4" unit="ms"/></boundary>` +
        "</component></supportingROI></support>",
    );
    const { annotators, findings } = read(
      withAnnotations(relative + annotationOf("MDC_ECG_WAVC", "MDC_ECG_WAVC_TWAVE")),
    );
    expect(annotators[0].annotations.map(({ sample, symbol }) => [sample, symbol])).toEqual([[2, "A"]]);
    expect(findings[0].message).toContain("of which only beats are read");
  });

  it.each<[string, string, string]>([
    [
      "a document type, which could define entities",
      makeAecg({ ...fields, before: '<!DOCTYPE a [<!ENTITY b "c">]>' }),
      "byte 38: a document type is not read",
    ],
    ["an element that is not closed", makeAecg(fields).slice(0, -20), "is not closed"],
    ["another document", "<svg/>", "the document is “svg”, not AnnotatedECG"],
    ["no time between samples", makeAecg({ ...fields, increment: "0" }), "the time between samples is “0”"],
    ["no samples", makeAecg({ sets: [{ head: "", leads: {} }] }), "no lead with samples"],
    ["no series", "<AnnotatedECG/>", "a.xml has no series"],
  ])("refuses %s", (_, text, message) => {
    expect(() => read(text)).toThrow(EctopyError);
    expect(() => read(text)).toThrow(message);
  });

  it("reads any digits of any leads", () => {
    const digits = fc.array(fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("I", "II", "V1", "V2", "V6"), digits, { minKeys: 1 }), (leads) => {
        const source = read(makeAecg({ sets: [{ head: "0", leads }] }));
        expect(source.signals.map(({ lead }) => lead)).toEqual(Object.keys(leads));
        expect(samplesOf(source)).toEqual(Object.values(leads).map((samples) => Int32Array.from(samples)));
      }),
      { seed: 1 },
    );
  });

  it("is found by name and first bytes", () => {
    const files = ["a.xml", "b.xml", "c.txt"].map((name, i) => ({
      name,
      firstBytes: encodeUtf8(i === 1 ? "<svg/>" : makeAecg(fields)),
    }));
    const { recordings, others } = findRecordings(files);
    expect(recordings.map(({ format, main }) => [format.id, main])).toEqual([["aecg", "a.xml"]]);
    expect(others).toEqual(["b.xml", "c.txt"]);
  });
});

describe("parseXml", () => {
  it("reads attributes, references, CDATA and comments", () => {
    const root = parseXml(
      encodeUtf8(`<x:a b='1 &lt; 2'  c = "&#65;&#x42;&unknown;"><!-- <z> --><d/>t<![CDATA[<&]]>&amp;</x:a>`),
      "a.xml",
    );
    expect(root.name).toBe("a");
    expect([...root.attributes]).toEqual([
      ["b", "1 < 2"],
      ["c", "AB&unknown;"],
    ]);
    expect(root.children.map(({ name }) => name)).toEqual(["d"]);
    expect(root.text).toBe("t<&&");
  });

  it("reads lists of numbers across windows of the file, and texts up to a limit", () => {
    const numbers = Array.from({ length: 150_000 }, (_, i) => (i * 7919) % 100_000);
    const long = "x".repeat(200_000);
    const mark = "é".repeat(30_000);
    const root = parseXml(
      encodeUtf8(
        `<a><n>${numbers.join(" ")} 1.6 x ${"9".repeat(70)} <![CDATA[-5]]></n><t>${long}</t><t b="${mark}"/></a>`,
      ),
      "a.xml",
      ["n"],
    );
    const [list, text, other] = root.children;
    expect(list.numbers.flatMap((part) => [...part])).toEqual([...numbers, 2, MISSING_VALUE, MISSING_VALUE, -5]);
    expect(list.text).toBe("");
    expect(text.text).toBe("x".repeat(65_536));
    expect(other.attributes.get("b")).toBe(mark);
  });

  it.each([
    ["an end tag of another element", "<a><b></a></b>", "does not close"],
    ["an attribute without a value", "<a b></a>", "has no value"],
    ["a value that is not closed", "<a b='c></a>", "is not closed"],
    ["a comment that is not closed", "<a><!-- </a>", "is missing"],
    ["text alone", "text", "there is no element"],
    ["a name that begins with a digit", "<1/>", "a name was expected"],
    ["deep nesting", "<a>".repeat(300), "nested more than 200 deep"],
    ["too many elements", `<a>${"<b/>".repeat(200_001)}</a>`, "more than 200000 elements"],
    ["a long value", `<a b="${"c".repeat(1_048_577)}"/>`, "is longer than 1048576 bytes"],
    ["too much text", `<a>${`<b>${"c".repeat(60_000)}</b>`.repeat(300)}</a>`, "have more than 16777216 bytes"],
  ])("refuses %s", (_, text, message) => {
    expect(() => parseXml(Buffer.from(text), "a.xml")).toThrow(message);
  });
});
