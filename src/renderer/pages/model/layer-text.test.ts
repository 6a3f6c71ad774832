import { expect, it } from "vitest";
import { formatShape, formatSize } from "./layer-text.ts";

it.each([
  [formatShape([360, 64]), "360 × 64"],
  [formatShape([14]), "14"],
  [formatShape(null), "–"],
  [formatSize(256), "0.3 kB"],
  [formatSize(92_160), "92 kB"],
  [formatSize(1_440_000), "1.4 MB"],
])("%s", (formatted, expected) => expect(formatted).toBe(expected));
