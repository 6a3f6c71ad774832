import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import { nextTick } from "vue";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import ExportDialog from "./export-dialog.vue";

const labels = (): string[] =>
  [...document.querySelectorAll("[role=dialog] label")].map((each) => each.textContent.trim());

async function openDialog(): Promise<void> {
  shell.answer({ "exports.signIns": () => ({ canKeep: false, kept: [] }) });
  const { wrapper } = await mountComponent(ExportDialog, { props: { runs: [1], shown: false } });
  await wrapper.setProps({ shown: true });
  await flushPromises();
  await nextTick();
}

it("asks for a folder in the app's window, which writes on this computer", async () => {
  await openDialog();
  expect(labels()).toContain("Destination folder");
  expect(labels()).not.toContain("Destination");
});
