import { expect, it } from "vitest";

const components = Object.keys(import.meta.glob("../../components/**/*.vue"));
const sections = Object.values(
  import.meta.glob<string>("./*-section.vue", { query: "?raw", import: "default", eager: true }),
).join("\n");

it("shows every component of src/renderer/components", () => {
  expect(components.length).toBeGreaterThan(30);
  const missing = components
    .map((path) => path.replace("../../components/", ""))
    .filter((file) => !sections.includes(`file="${file}"`) || !sections.includes(`from "../../components/${file}"`));
  expect(missing).toEqual([]);
});
