import { expect, it } from "vitest";
import { createMemoryHistory, createRouter } from "vue-router";
import { presetNames } from "../../../contract/domain/training.ts";
import { modelRoutes } from "./routes.ts";

it("has an address for each preset, a saved network and an unsaved one", () => {
  const router = createRouter({ history: createMemoryHistory(), routes: [...modelRoutes] });
  for (const variant of [...presetNames, "12", "new"]) {
    expect(router.resolve(`/model/${variant}`).params).toEqual({ variant });
  }
});
