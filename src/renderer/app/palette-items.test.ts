import { expect, it } from "vitest";
import { MAX_RESULTS, searchPalette, type PaletteItem } from "./palette-items.ts";

const item = (kind: string, label: string, hint = ""): PaletteItem => ({
  key: `${kind} ${label}`,
  kind,
  label,
  hint,
  run: () => {},
});
const items = [
  item("Screen", "Runs"),
  item("Screen", "Training"),
  item("Run", "Run 1", "1D-CNN, MIT-BIH"),
  item("Run", "Run 12", "ANN, Sample recordings"),
  item("Term", "training set, validation set, test set"),
];
const found = (text: string): string[] => searchPalette(items, text).map(({ label }) => label);

it("puts the exact label first, then labels that begin with the text", () => {
  expect(found("run 1")).toEqual(["Run 1", "Run 12"]);
  expect(found("training")).toEqual(["Training", "training set, validation set, test set"]);
});

it("finds every word in kind, label and hint, in any case and order", () => {
  expect(found("mit run")).toEqual(["Run 1"]);
  expect(found("term SET")).toEqual(["training set, validation set, test set"]);
  expect(found("nothing")).toEqual([]);
});

it("lists the first entries without a text, and never more than can be read", () => {
  expect(found("")).toHaveLength(items.length);
  const many = Array.from({ length: 10_000 }, (_, i) => item("Run", `Run ${i}`));
  expect(searchPalette(many, "run")).toHaveLength(MAX_RESULTS);
});
