import { flushPromises } from "@vue/test-utils";
import { expect, it } from "vitest";
import type { CudaState, MachineInfo } from "../../../contract/domain/machine.ts";
import type { JobSnapshot } from "../../../contract/domain/jobs.ts";
import { mountComponent } from "../../testing/mount-component.ts";
import { shell } from "../../testing/shell.ts";
import CudaSection from "./cuda-section.vue";

const machine = (cuda: CudaState | null): MachineInfo => ({
  processor: "P",
  cores: 2,
  memory: 1,
  freeMemory: 1,
  platform: "linux",
  backends: [],
  cuda,
});

const job: JobSnapshot = {
  id: 1,
  kind: "install",
  title: "Installation of TensorFlow for NVIDIA GPUs",
  state: "running",
  progress: { stage: "downloading", done: 850, total: 3400, unit: "MB" },
  startedAt: "2026-11-30T10:00:00.000Z",
  finishedAt: null,
  cancellable: true,
  cancelling: false,
  error: null,
  subject: null,
};

const gpus = ["Example GPU"];

it("shows nothing where there is nothing to install", async () => {
  shell.answer({ "machine.info": () => machine(null) });
  const { wrapper } = await mountComponent(CudaSection);
  await flushPromises();
  expect(wrapper.text()).toBe("");
});

it("offers the installation with its size, shows its progress, and cancels it", async () => {
  shell.answer({
    "machine.info": () => machine({ gpus, isInstalled: false }),
    "machine.installCuda": () => ({ job }),
    "jobs.cancel": () => null,
  });
  const { wrapper } = await mountComponent(CudaSection);
  await flushPromises();
  expect(wrapper.text()).toContain("Example GPU");
  expect(wrapper.text()).toMatch(/3\.4 GB to download, about\s+5\.4 GB on disk/);
  await wrapper.get("button").trigger("click");
  expect(shell.calls).toContainEqual(expect.objectContaining({ name: "machine.installCuda" }));
  shell.send({ event: "job.changed", data: job });
  await flushPromises();
  expect(wrapper.text()).toContain("downloading: 850 of 3,400 MB");
  await wrapper.get("[aria-label='Cancel: Installation of TensorFlow for NVIDIA GPUs']").trigger("click");
  expect(shell.calls).toContainEqual(expect.objectContaining({ name: "jobs.cancel" }));
});

it("removes what is installed", async () => {
  shell.answer({
    "machine.info": () => machine({ gpus, isInstalled: true }),
    "machine.removeCuda": () => ({ job }),
  });
  const { wrapper } = await mountComponent(CudaSection);
  await flushPromises();
  expect(wrapper.text()).not.toContain("to download");
  await wrapper.get("button").trigger("click");
  expect(shell.calls).toContainEqual(expect.objectContaining({ name: "machine.removeCuda" }));
});
