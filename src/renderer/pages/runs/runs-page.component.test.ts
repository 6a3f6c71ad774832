import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import { settingsSchema } from "../../../contract/settings/app-settings.ts";
import { exampleRun } from "../../testing/examples.ts";
import { mountComponent, type Mounted } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import RunsPage from "./runs-page.vue";

async function mountPage(): Promise<Mounted> {
  shell.answer({
    "runs.list": () => [exampleRun(2), exampleRun(1)],
    "preparations.list": () => [],
    "datasets.list": () => [],
    "settings.set": (change) => settingsSchema.parse({ ...change }),
  });
  const mounted = await mountComponent(RunsPage);
  await flushPromises();
  return mounted;
}

it("says at the search field which columns exist, and what is no number", async () => {
  const { wrapper } = await mountPage();
  const search = wrapper.get('input[aria-label="Search runs"]');
  await search.setValue("colour:red accuracy>abc");
  await flushPromises();
  expect(search.attributes("aria-invalid")).toBe("true");
  const note = wrapper.get(`#${search.attributes("aria-describedby")}`).text();
  expect(note).toContain("There is no column “colour”. Columns: run, name, network");
  expect(note).toContain("Accuracy: “abc” is not a number.");
});

it("keeps the search in the address, and takes it from there", async () => {
  const { wrapper, router } = await mountPage();
  const search = wrapper.get('input[aria-label="Search runs"]');
  await search.setValue("run 2");
  await flushPromises();
  expect(router.currentRoute.value.query).toEqual({ q: "run 2" });
  await router.push("/runs?q=cnn&sort=-accuracy");
  await flushPromises();
  expect((search.element as HTMLInputElement).value).toBe("cnn");
});
