import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import { citation } from "../../base/citation.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import AboutSection from "./about-section.vue";

it("names version, licence, workspace, backends, citation, and the packages with their licences", async () => {
  shell.answer({
    "app.info": () => ({
      version: "0.1.0",
      node: "24.21.0",
      electron: "",
      licence: "Apache-2.0",
      packages: [{ name: "vue", version: "3.5.45", licence: "MIT" }],
    }),
    "workspace.info": () => ({ folder: "/home/me/Ectopy", bytes: 1, free: 2 }),
    "machine.info": () => ({
      processor: "P",
      cores: 2,
      memory: 1,
      freeMemory: 1,
      platform: "linux",
      backends: [
        { name: "kernels", missing: "" },
        { name: "tensorflow", missing: "not installed" },
      ],
      cuda: null,
    }),
  });
  const { wrapper } = await mountComponent(AboutSection);
  await flushPromises();
  const text = wrapper.text();
  for (const part of ["0.1.0, on Node 24.21.0", "Apache-2.0", "/home/me/Ectopy", citation])
    expect(text).toContain(part);
  expect(wrapper.findAll(".backends li").map((item) => item.text())).toEqual([
    "Ectopy's kernels: available",
    "TensorFlow: not installed",
  ]);
  expect(wrapper.get("table").text()).toContain("vue3.5.45MIT");
});
