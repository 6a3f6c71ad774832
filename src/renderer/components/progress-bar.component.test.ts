import { describe, expect, it } from "vitest";
import { mountComponent } from "../testing/mount-component.ts";
import { runningJob } from "../pages/gallery/gallery-examples.ts";
import JobProgress from "./job-progress.vue";
import ProgressBar from "./progress-bar.vue";

const barOf = async (share: number | null) => {
  const { wrapper } = await mountComponent(ProgressBar, { props: { label: "Import", share } });
  const bar = wrapper.get('[role="progressbar"]');
  return {
    label: bar.attributes("aria-label"),
    value: bar.attributes("aria-valuenow"),
    width: wrapper.get<HTMLElement>(".done").element.style.width,
  };
};

describe("progress bar", () => {
  it("is filled by the share that is done", async () => {
    expect(await barOf(25)).toEqual({ label: "Import", value: "25", width: "25%" });
  });

  it("is empty where nothing is done yet", async () => {
    expect(await barOf(0)).toMatchObject({ value: "0", width: "0%" });
  });

  it("has no value and no width where the share is unknown", async () => {
    expect(await barOf(null)).toMatchObject({ value: undefined, width: "" });
  });
});

describe("progress of a job", () => {
  const widthAt = async (done: number, total: number): Promise<string> => {
    const progress = { stage: "Reading recordings", done, total, unit: "records" };
    const { wrapper } = await mountComponent(JobProgress, { props: { job: { ...runningJob, progress } } });
    return wrapper.get<HTMLElement>(".done").element.style.width;
  };

  it("is empty at 0 of 48, and unknown without a total", async () => {
    expect(await widthAt(0, 48)).toBe("0%");
    expect(await widthAt(12, 48)).toBe("25%");
    expect(await widthAt(0, 0)).toBe("");
  });
});
