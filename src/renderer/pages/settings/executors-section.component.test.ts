import { DOMWrapper, flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import type { Executor } from "../../../contract/domain/executors.ts";
import type { JobSnapshot } from "../../../contract/domain/jobs.ts";
import { settingsSchema, type Settings } from "../../../contract/settings/app-settings.ts";
import { mountComponent, type Mounted } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import ExecutorsSection from "./executors-section.vue";

const room: Executor = {
  name: "room",
  kind: "ssh",
  folder: "/shared",
  folderThere: "",
  threads: 1,
  command: "/opt/ectopy/ectopy",
  hosts: ["ws1", "ws2"],
};
const job = (rest: Partial<JobSnapshot>): JobSnapshot => ({
  id: 3,
  kind: "executor",
  title: "Test of room",
  state: "running",
  progress: { stage: "Waiting for a machine", done: 0, total: 0, unit: "", detail: "Resources" },
  startedAt: "2026-03-02T09:15:00.000Z",
  finishedAt: null,
  cancellable: true,
  cancelling: false,
  subject: null,
  error: null,
  ...rest,
});
const body = new DOMWrapper(document.body);

async function mountSection(executors: Executor[]): Promise<Mounted> {
  let settings: Settings = settingsSchema.parse({ executors });
  shell.answer({
    "settings.get": () => settings,
    "settings.set": (change) => (settings = settingsSchema.parse({ ...settings, ...change })),
    "executors.tested": () => [],
    "executors.test": () => ({ job: job({}) }),
  });
  const mounted = await mountComponent(ExecutorsSection);
  await flushPromises();
  return mounted;
}

it("tests an executor, shows its progress, and why it failed", async () => {
  const { wrapper } = await mountSection([room]);
  await wrapper.get('[aria-label="Test room"]').trigger("click");
  await flushPromises();
  expect(wrapper.text()).toContain("Waiting for a machine…, Resources");
  const error = { code: "not-connected" as const, message: "There is no SSH connection to ws1.", fix: "Add your key." };
  shell.send({ event: "job.changed", data: job({ state: "failed", finishedAt: "2026-03-02T09:16:00.000Z", error }) });
  await flushPromises();
  expect(wrapper.get("[role=alert]").text()).toContain("There is no SSH connection to ws1.");
});

it("shows where the step of a test was trained", async () => {
  const { wrapper } = await mountSection([room]);
  shell.answer({
    "executors.tested": () => [{ name: "room", host: "ws2", job: "", device: "AVX2", seconds: 3 }],
  });
  await wrapper.get('[aria-label="Test room"]').trigger("click");
  shell.send({ event: "job.changed", data: job({ state: "done", finishedAt: "2026-03-02T09:16:00.000Z" }) });
  await flushPromises();
  expect(wrapper.text()).toContain("One step was trained on ws2, AVX2, 3.0 s after the start.");
});

it("adds an executor, and says before what leaves this machine", async () => {
  const { wrapper } = await mountSection([room]);
  await wrapper
    .findAll("button")
    .find((each) => each.text() === "Add executor…")!
    .trigger("click");
  await flushPromises();
  const field = (label: string): DOMWrapper<Element> => {
    const found = body.findAll("label").find((each) => each.text() === label)!;
    return body.find(`#${found.attributes("for")}`);
  };
  expect(body.text()).toContain("header notes and patient labels are not copied");
  await body.find("form").trigger("submit");
  expect(body.text()).toContain("Enter the command that starts Ectopy there.");
  await field("Name").setValue("room");
  await field("Shared folder, as this machine sees it").setValue("/scratch");
  await field("Command that starts Ectopy there").setValue("ectopy");
  await body.find("form").trigger("submit");
  expect(body.text()).toContain("Another executor has this name.");
  await field("Name").setValue("cluster1");
  await body.find("form").trigger("submit");
  await flushPromises();
  const change = shell.calls.find(({ name }) => name === "settings.set")?.args as { executors: Executor[] };
  expect(change.executors.map(({ name, kind }) => [name, kind])).toEqual([
    ["room", "ssh"],
    ["cluster1", "slurm"],
  ]);
});
