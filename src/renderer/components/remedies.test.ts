import { expect, it } from "vitest";
import { storedKinds } from "../../contract/domain/integrity.ts";
import { remedyOf } from "./remedies.ts";

it("prepares again at once, and leads to the page where recordings are imported or a run is trained", () => {
  expect(storedKinds.map((kind) => remedyOf({ kind, id: 7 }))).toEqual([
    { label: "Import again", route: "/" },
    { label: "Prepare again", route: null },
    { label: "Train again", route: "/model?run=7" },
    null,
  ]);
});
