import { expect, it } from "vitest";
import { featureNames, type InputRecipe } from "../../../contract/domain/recipe.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import FeatureTable from "./feature-table.vue";

const recipe: InputRecipe = { version: 1, variant: "full", leads: 2, channels: ["beat"], synthetic: false };

it("shows each feature with its value, unit and definition, and marks what it uses", async () => {
  const names = featureNames(recipe);
  const values = Float32Array.from(names, (_, i) => i / 8 - 1);
  const { wrapper } = await mountComponent(FeatureTable, { props: { recipe, values } });
  const rows = wrapper.findAll("tr").map((row) => row.text().replace(/\s+/g, " "));
  expect(rows.filter((row) => names.some((name) => row.startsWith(name)))).toHaveLength(71);
  const width = rows.find((row) => row.startsWith("qrs_width_1"));
  expect(width).toContain(`${(names.indexOf("qrs_width_1") / 8 - 1).toFixed(3)} s`);
  expect(width).toContain("transductive");
  expect(rows.find((row) => row.startsWith("rr_after_before"))).toContain("not causal");
  expect(rows.find((row) => row.startsWith("rr_before_previous"))).not.toMatch(/transductive|causal/);
});
