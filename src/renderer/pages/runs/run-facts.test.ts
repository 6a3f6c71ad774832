import { describe, expect, it } from "vitest";
import { defaultPreparation, defaultTraining } from "../../../contract/settings/defaults.ts";
import type { RunDetails } from "../../../contract/domain/runs.ts";
import { beatFacts, runFacts, type Fact } from "./run-facts.ts";

const settings = defaultPreparation("intra-patient");
const summary = { settings, labels: ["N", "V"], totals: { train: 6000, validation: 2000, test: 2000 } };
const details = {
  run: { settings: defaultTraining("cnn"), device: null, result: null },
  preparation: { id: 1, settings, summary, fingerprint: "0123456789abcdef0123" },
  dataset: { name: "MIT-BIH" },
} as unknown as RunDetails;
const byLabel = (facts: readonly Fact[]) => Object.fromEntries(facts.map(({ label, value }) => [label, value]));

describe("facts of a run", () => {
  it("leave out settings without an effect, and what is unknown", () => {
    const facts = byLabel(runFacts(details));
    expect(facts).toMatchObject({
      Network: "1D-CNN, 11 layers",
      "Max. epochs": "50",
      "Early-stopping patience": "5 epochs",
      "Batch size": "64 beats",
      "Learning rate": "0.001",
      "Learning-rate schedule": "Constant",
    });
    expect(Object.keys(facts)).not.toContain("Gradient clipping");
    expect(Object.keys(facts)).not.toContain("Device");
  });

  it("name the backend that trained in place of the chosen one, and no library that did not", () => {
    const device = {
      backend: "kernels",
      kernels: "avx512, 2 threads",
      description: "A processor",
      cores: 2,
      versions: { ectopy: "1.0.0", node: "24.0.0", tfjs: "", tensorflow: "" },
    };
    const run = { ...details.run, settings: { ...details.run.settings, backend: "kernels" }, device };
    const facts = runFacts({ ...details, run } as unknown as RunDetails);
    expect(facts.filter(({ label }) => label === "Backend")).toEqual([
      { label: "Backend", value: "Ectopy's kernels (avx512, 2 threads)" },
    ]);
    expect(byLabel(facts)).toMatchObject({ Device: "A processor, 2 cores", Versions: "Ectopy 1.0.0, Node 24.0.0" });
  });

  it("describe the beats and how they were prepared", () => {
    expect(byLabel(beatFacts(details))).toMatchObject({
      Beats: "6,000 training, 2,000 validation, 2,000 test",
      Classes: "N V",
      "Class map": "MIT-BIH symbols",
      "Wavelet denoising": "Each beat: db4, 7 levels, soft universal threshold",
      "SMOTE k": "5",
    });
  });
});
