import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import { defaultPreparation } from "../../../contract/settings/defaults.ts";
import { exampleEc57 } from "../../pages/gallery/gallery-examples.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import TestSetEc57 from "./test-set-ec57.vue";

const mount = (protocol: "inter-patient" | "intra-patient") =>
  mountComponent(TestSetEc57, { props: { run: 3, dataset: 2, settings: defaultPreparation(protocol) } });

it("shows gross metrics, those of each recording with a link to it, and the confusion matrix", async () => {
  const asked: unknown[] = [];
  shell.answer({
    "runs.ec57": (input) => {
      asked.push(input);
      return exampleEc57;
    },
  });
  const { wrapper } = await mount("inter-patient");
  await flushPromises();
  expect(asked).toEqual([{ run: 3 }]);
  const [metrics, matrix] = wrapper.findAll("table");
  const rows = metrics.findAll("tbody tr").map((row) => row.text().replaceAll(/\s+/g, " "));
  expect(rows[0]).toContain("Gross, 3 recordings");
  expect(rows[0]).toContain("92.04 %");
  expect(rows[3]).toContain("105 paced");
  expect(metrics.get("a").attributes("href")).toBe("/recordings/2/100");
  expect(matrix.text()).toContain("Rows: class in the annotations.");
  expect(wrapper.text()).toContain("from 5 minutes on (EC57's learning period)");
});

it("says why there are none", async () => {
  shell.answer({ "runs.ec57": () => null });
  const { wrapper } = await mount("intra-patient");
  await flushPromises();
  expect(wrapper.text()).toContain("EC57 compares whole recordings");
});
