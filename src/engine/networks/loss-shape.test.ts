import { expect, it } from "vitest";
import { lossSchema } from "../../contract/domain/optimization.ts";
import { CROSS_ENTROPY, lossShapeOf } from "./loss-shape.ts";

it("is cross-entropy without settings", () => {
  expect(lossShapeOf(undefined, [3, 1])).toBe(CROSS_ENTROPY);
  expect(lossShapeOf(lossSchema.parse({}), [3, 1])).toEqual(CROSS_ENTROPY);
});

it("adjusts logits by the log of each class's share of the training beats", () => {
  const { adjustment } = lossShapeOf(lossSchema.parse({ logitAdjustment: 2 }), [75, 25, 0]);
  expect([...adjustment!]).toEqual([0.75, 0.25, 0.01].map((share) => expect.closeTo(2 * Math.log(share), 5) as number));
});
