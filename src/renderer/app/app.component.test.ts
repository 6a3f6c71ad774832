import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import { mountComponent } from "../testing/mount-component.ts";
import { shell } from "../testing/shell.ts";
import App from "./app.vue";

const notice = { message: "Report of run 1: /exports. Open report.html in any browser.", kind: "success" } as const;
const openButton = (): HTMLButtonElement | undefined =>
  [...document.querySelectorAll("button")].find(({ textContent }) => textContent.trim() === "Open folder");

it("opens the folder of an export by its job, and offers that for no other notice", async () => {
  const opened: number[] = [];
  shell.bridge.openExport = (job) => {
    opened.push(job);
    return Promise.resolve({ ok: true, value: null });
  };
  await mountComponent(App);
  shell.send({ event: "notice", data: { ...notice, message: "Run 1 is exported: http://localhost:5000/#/runs/1." } });
  await flushPromises();
  expect(openButton()).toBeUndefined();
  shell.send({ event: "notice", data: { ...notice, exportJob: 7 } });
  await flushPromises();
  openButton()?.click();
  await flushPromises();
  expect(opened).toEqual([7]);
});
