import { describe, expect, it } from "vitest";
import type { EpochMetrics } from "../../../contract/domain/training.ts";
import { classColour } from "../../../contract/domain/class-colours.ts";
import { classScores } from "./class-scores.ts";
import { confusionDifference, confusionMatrix } from "./confusion-matrix.ts";
import { allFigures, figureSet, type FiguredRun } from "./figure-set.ts";
import { learningCurves } from "./learning-curves.ts";
import { withResolution } from "./png-resolution.ts";
import { printFigure } from "./print-figure.ts";
import { svgToPng } from "./svg-to-png.ts";
import type { Figure } from "./sheet.ts";

const evil = `"><script>alert(1)</script>&'`;

function epochs(count: number): EpochMetrics[] {
  return Array.from({ length: count }, (_, i) => ({
    epoch: i + 1,
    trainLoss: 1 / (i + 1),
    trainAccuracy: 1 - 1 / (i + 2),
    validationLoss: 1.2 / (i + 1),
    validationAccuracy: 1 - 1.2 / (i + 2),
    validationMacroF1: 0.5,
    validationF1: [],
    learningRate: 0.001,
    seconds: 1,
    validationSeconds: 1,
  }));
}

const labels = ["N", "V", "A"];
const confusion = [
  [95, 3, 2],
  [4, 16, 0],
  [0, 0, 0],
];

function runOf(id: number, name: string): FiguredRun {
  const evaluation = {
    loss: 0.3,
    accuracy: 0.925,
    macroF1: 0.5,
    weightedF1: 0.9,
    perClass: labels.map((label, i) => ({
      label,
      ppv: [0.96, 0.842, 0][i],
      sensitivity: [0.95, 0.8, 0][i],
      f1: [0.955, 0.821, 0][i],
      support: [100, 20, 0][i],
    })),
    confusion,
  };
  const curve = {
    falsePositiveRate: [0, 0, 1],
    recall: [0, 0.9, 1],
    precision: [1, 1, 0.8],
    positives: 20,
    negatives: 100,
  };
  return {
    id,
    name,
    testKey: "p",
    result: {
      bestEpoch: 2,
      epochs: epochs(3),
      stoppedEarly: false,
      cancelled: false,
      test: evaluation,
      validation: evaluation,
      parameters: { trainable: 1, total: 1 },
      device: {
        backend: "cpu",
        description: "",
        cores: 1,
        versions: { ectopy: "", node: "", tfjs: "", tensorflow: "" },
      },
      seconds: 1,
    },
    curves: {
      run: id,
      labels,
      perClass: labels.map((_, i) => ({
        ...curve,
        rocArea: [0.95, 0.9999, NaN][i],
        averagePrecision: [0.98, 1, NaN][i],
      })),
      averages: { macroRocArea: 0.97, macroAveragePrecision: 0.99, microRocArea: 0.98, microAveragePrecision: 0.97 },
    },
  };
}

async function svgOf(figure: Figure, width?: number): Promise<string> {
  return (await printFigure(figure, "test", { width, titled: true })).svg;
}

/** Texts of a figure, in the order of drawing. */
function texts(svg: string): string[] {
  const written = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  return written.map((text) => text.replaceAll("&gt;", ">").replaceAll("&lt;", "<"));
}

const several = allFigures(figureSet([runOf(1, "Run 1, ANN"), runOf(2, "Run 2, CNN")]));
const single = allFigures(figureSet([runOf(1, "Run 1, ANN")]));

describe.each([...single, ...several].map((figure) => [`${figure.name}: ${figure.title}`, figure] as const))(
  "%s",
  (_, figure) => {
    it("has its width in millimetres, its title, axes with names, and words for those who can't see it", async () => {
      const svg = await svgOf(figure, 85);
      expect(svg).toMatch(/^<svg [^>]*width="85mm" height="[\d.]+mm" viewBox="0 0 321 \d+" role="img"/);
      expect(texts(svg)).toContain(figure.title);
      expect(svg).toContain("<desc>");
      const axes = /epoch|class|sensitivity|true class/;
      expect(texts(svg).filter((text) => axes.test(text)).length).toBeGreaterThan(0);
    });

    it("is the same each time, and needs nothing else", async () => {
      const svg = await svgOf(figure);
      expect(await svgOf(figure)).toBe(svg);
      expect(svg).not.toMatch(/zr\d|ecmeta|NaN|undefined|Infinity|<image|href=/);
    });
  },
);

describe("printFigure", () => {
  it("shows names as they were written", async () => {
    for (const figure of allFigures(figureSet([runOf(1, evil), runOf(2, evil)]))) {
      const svg = await svgOf(figure);
      expect(svg).not.toContain("<script");
      expect(svg).toContain("&lt;script&gt;");
    }
  });

  it("keeps the ids of figures on one page apart", async () => {
    const ids = (svg: string): string[] => [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const figure = learningCurves([{ name: "Run 1", epochs: epochs(3), bestEpoch: 2 }]);
    const [one, other] = [
      await printFigure(figure, "one", { titled: false }),
      await printFigure(figure, "other", { titled: false }),
    ];
    expect(ids(one.svg).length).toBeGreaterThan(0);
    expect(ids(one.svg).filter((id) => ids(other.svg).includes(id))).toEqual([]);
    const used = [...one.svg.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id);
    expect(used.filter((id) => !ids(one.svg).includes(id))).toEqual([]);
  });
});

describe("figures of classes", () => {
  it("colour each class as everywhere, and leave out a score that there is not", async () => {
    const scores = new Map([
      ["N", 0.955],
      ["V", 0],
      ["A", null],
    ]);
    const svg = await svgOf(classScores([{ name: "Run 1", scores }]));
    expect(svg).toContain(`fill="${classColour("N", false)}"`);
    expect(texts(svg)).toEqual(expect.arrayContaining(["N", "V", "A", "0.955", "0.000"]));
    expect(texts(svg).filter((text) => text === "0.000")).toHaveLength(1);
  });

  it("give the areas beside the classes, and none where a class does not occur", async () => {
    const [roc] = single.filter(({ name }) => name === "roc");
    expect(texts(await svgOf(roc))).toEqual(expect.arrayContaining(["N  0.950", "V  >0.999", "A  –"]));
  });

  it("overlay the runs in a panel a class, with its name, and no line where a class does not occur", async () => {
    const [overlaid, precision] = several.filter(({ name }) => name.endsWith("-by-class") && !name.startsWith("f1"));
    for (const figure of [overlaid, precision]) {
      const said = texts(await svgOf(figure));
      expect(said).toEqual(expect.arrayContaining(["Run 1, ANN", "Run 2, CNN", "N", "V", "A", "sensitivity"]));
    }
    const lines = (svg: string, colour: string): number =>
      [...svg.matchAll(/<path[^>]*fill="none"[^>]*stroke="([^"]+)"/g)].filter(([, stroke]) => stroke === colour).length;
    // Two of three classes, and the legend.
    expect(lines(await svgOf(overlaid), "#d55e00")).toBe(2 + 1);
  });

  it("show beats and their share in each cell of a confusion matrix, and the share alone in small ones", async () => {
    const figure = confusionMatrix(confusion, labels, "Run 1");
    expect(texts(await svgOf(figure))).toEqual(expect.arrayContaining(["95", "95.0 %", "16", "80.0 %", "3", "3.0 %"]));
    const many = Array.from({ length: 14 }, (_, i) =>
      Array.from({ length: 14 }, (_, j) => (i === j ? 999 : i === 0 && j === 1 ? 1 : 0)),
    );
    const small = texts(await svgOf(confusionMatrix(many, [..."ABCDEFGHIJKLMN"], "Run 1"), 85));
    expect(small).toEqual(expect.arrayContaining(["100", ">99", "<1"]));
    expect(small).not.toContain("999");
  });

  it("show the difference of two in points, with its sign", async () => {
    const other = [
      [90, 10, 0],
      [4, 16, 0],
      [0, 0, 0],
    ];
    const said = texts(await svgOf(confusionDifference([confusion, other], labels, ["Run 1", "Run 2"])));
    expect(said).toEqual(expect.arrayContaining(["−5.0", "+7.0", "−2.0"]));
    expect(said.filter((text) => /^[+−]\d+\.\d$/.test(text))).toHaveLength(3);
  });
});

describe("withResolution", () => {
  it("says how large the picture is on paper", async () => {
    const png = await svgToPng(`<svg xmlns="http://www.w3.org/2000/svg" width="25.4mm" height="25.4mm"/>`, 300 / 96);
    const sized = withResolution(png, 300);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([300, 300]);
    const at = sized.indexOf("pHYs");
    // 300 dpi are 11,811 dots per metre.
    expect([sized.readUInt32BE(at + 4), sized.readUInt32BE(at + 8), sized[at + 12]]).toEqual([11811, 11811, 1]);
    expect(sized.subarray(0, 33).equals(png.subarray(0, 33))).toBe(true);
    expect(sized.subarray(33 + 21).equals(png.subarray(33))).toBe(true);
  });
});
