import { expect, it } from "vitest";
import { addressOfView, viewOfAddress } from "./runs-address.ts";

it("keeps search, order and columns in the address", () => {
  const view = {
    search: "cnn macrof1>90",
    sort: { column: "macrof1", descending: true },
    columns: ["run", "macrof1"],
  };
  expect(viewOfAddress(addressOfView(view))).toEqual(view);
  expect(addressOfView({ search: "", sort: null })).toEqual({});
});

it("leaves unknown columns and orders of an address to the settings", () => {
  expect(viewOfAddress({ sort: "-gone", columns: "gone,also", q: null })).toEqual({ search: "" });
});
