/** Compares Ectopy's DICOM reader with pydicom, on a 12-lead ECG that pydicom comes with. ECTOPY_PYTHON names the Python. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openDicom } from "../../src/pipeline/recordings/dicom/source.ts";
import { askPython, python } from "../support/python.ts";
import { samplesOf } from "../support/sources.ts";

/** Writes the example again in implicit VR, and in explicit VR with undefined lengths and another baseline. */
const SCRIPT = `
import json, sys, copy
import pydicom
from pydicom import examples
from pydicom.waveforms import multiplex_array
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian
folder = json.load(sys.stdin)["folder"]
ds = examples.waveform
answers = []
def write(name, ds):
    path = folder + "/" + name
    ds.save_as(path, enforce_file_format=True)
    back = pydicom.dcmread(path)
    answers.append({"path": path, "raw": multiplex_array(back, 0, as_raw=True).T.tolist(),
      "physical": back.waveform_array(0).T.tolist()})
write("explicit.dcm", copy.deepcopy(ds))
other = copy.deepcopy(ds)
other.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
write("implicit.dcm", other)
other = copy.deepcopy(ds)
for element in other.iterall():
    if element.VR == "SQ":
        element.is_undefined_length = True
        for item in element.value: item.is_undefined_length_sequence_item = True
for i, channel in enumerate(other.WaveformSequence[0].ChannelDefinitionSequence):
    channel.ChannelBaseline = str(12.5 * i)
    channel.ChannelSensitivityCorrectionFactor = "0.96"
write("open.dcm", other)
other = copy.deepcopy(ds)
other.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
other.save_as(folder + "/deflated.dcm", enforce_file_format=True)
print(json.dumps(answers))
`;

interface Read {
  path: string;
  raw: number[][];
  physical: number[][];
}

const folder = mkdtempSync(join(tmpdir(), "ectopy-dicom-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("pydicom reads the same leads, digital and physical values", async (ctx) => {
  if (python === undefined) return ctx.skip("ECTOPY_PYTHON names no Python with pydicom");
  const theirs = await askPython<Read[]>(SCRIPT, { folder });
  expect(theirs).toHaveLength(3);
  for (const { path, raw, physical } of theirs) {
    const source = openDicom(readFileSync(path), path);
    expect(source.signals.map(({ lead }) => lead)).toEqual([
      "I",
      "II",
      "III",
      "aVR",
      "aVL",
      "aVF",
      "V1",
      "V2",
      "V3",
      "V4",
      "V5",
      "V6",
    ]);
    expect([source.rate, source.frames, source.startsAt]).toEqual([1000, 10_000, "2013-01-25T10:59:19"]);
    expect(source.comments).toContain("Interpretation: RITMO SINUSALE");
    const samples = samplesOf(source);
    expect(samples.map((lead) => [...lead])).toEqual(raw);
    for (const [i, { gain, baseline, units }] of source.signals.entries()) {
      expect(units).toBe("uV");
      // Ours divides by a gain where theirs multiplies by a sensitivity: both round once or twice.
      const largest = Math.max(...physical[i].map((value, at) => Math.abs((samples[i][at] - baseline) / gain - value)));
      expect(largest).toBeLessThan(1e-9);
    }
  }
  expect(() => openDicom(readFileSync(join(folder, "deflated.dcm")), "deflated.dcm")).toThrow(
    "is compressed (deflated)",
  );
});
