import { flushPromises } from "@vue/test-utils";
import { beforeEach, describe, expect, it } from "vitest";
import type { JobSnapshot } from "../../contract/domain/jobs.ts";
import { exampleRun } from "../testing/examples.ts";
import { mountComponent, type Mounted } from "../testing/mount-component.ts";
import { shell } from "../testing/shell.ts";
import NoticeCenter from "./notice-center.vue";

const failed: JobSnapshot = {
  id: 4,
  kind: "import",
  title: "Import of mitdb",
  state: "failed",
  progress: null,
  startedAt: "2026-03-02T09:00:00.000Z",
  finishedAt: "2026-03-02T09:30:00.000Z",
  cancellable: false,
  cancelling: false,
  error: { code: "not-found", message: "The folder /mitdb does not exist.", fix: "Check the path." },
  subject: null,
};

async function mountCenter(): Promise<Mounted> {
  shell.answer({
    "runs.list": () => [5, 4, 3, 2, 1].map((id) => exampleRun(id)),
    "jobs.list": () => [failed],
  });
  const mounted = await mountComponent(NoticeCenter);
  await flushPromises();
  return mounted;
}
const button = ({ wrapper }: Mounted) => wrapper.get("button");
const listed = (): string[] =>
  [...document.querySelectorAll('[role="dialog"] li')].map(({ textContent }) =>
    textContent.replace(/\s+/g, " ").trim(),
  );

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  localStorage.setItem("ectopy.notices-seen", "2026-03-01T00:00:00.000Z");
});

describe("notices", () => {
  it("list every ended run and job with its link, also those that ended while no page was open", async () => {
    const center = await mountCenter();
    expect(button(center).attributes("aria-label")).toBe("Notices, 6 unread");
    await button(center).trigger("click");
    await flushPromises();
    const texts = listed();
    expect(texts).toHaveLength(6);
    for (const id of [1, 2, 3, 4, 5]) expect(texts.some((text) => text.startsWith(`Run ${id} `))).toBe(true);
    expect(texts[0]).toMatch(/^Import of mitdb, failed.*The folder \/mitdb does not exist\. Check the path\./);
    expect(document.querySelector('[role="dialog"] a')?.getAttribute("href")).toBe("/runs/5");
  });

  it("are read once the list was open, and dismissed for good", async () => {
    const center = await mountCenter();
    await button(center).trigger("click");
    await flushPromises();
    document.querySelector<HTMLElement>('[aria-label="Dismiss Import of mitdb, failed"]')!.click();
    await flushPromises();
    center.wrapper.unmount();
    document.body.innerHTML = "";
    // As after a reload of the page.
    const again = await mountCenter();
    expect(button(again).attributes("aria-label")).toBe("Notices");
    await button(again).trigger("click");
    await flushPromises();
    expect(listed()).toHaveLength(5);
  });

  it("are announced when they arrive", async () => {
    const { wrapper } = await mountCenter();
    shell.send({
      event: "job.changed",
      data: {
        ...failed,
        id: 5,
        title: "Export of run 1",
        state: "done",
        error: null,
        finishedAt: "2026-03-02T10:00:00.000Z",
      },
    });
    await flushPromises();
    expect(wrapper.get('[role="status"]').text()).toContain("Export of run 1, done");
  });
});
