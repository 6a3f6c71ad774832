/**
 * Training in a real browser: the queue, the monitor of a run, and recovery from a killed training process or server.
 */
import type { Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { defaultTraining } from "../../src/contract/settings/defaults.ts";
import { noBrowser } from "../support/app.ts";
import { browserSession, expectAccessible } from "../support/browser-session.ts";
import { layoutFaults } from "../support/layout-faults.ts";
import { childrenOf, NO_PROCESS_LIST } from "../support/processes.ts";
import { makeMeasuredWorkspace, SAMPLE } from "../support/shared-workspaces.ts";

/**
 * More epochs than a test waits for. Epochs of 100 steps and one thread leave a core and the page's time to the test.
 */
const MANY_EPOCHS = 100_000;

describe.skipIf(noBrowser !== "")(`training in a browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession((folder) =>
    makeMeasuredWorkspace(join(folder, "workspace"), [
      SAMPLE,
      ["prepare", "1", "--denoising", "none", "--balancing", "none", "--class-map", "aami"],
    ]),
  );
  const { visit } = session;
  const start = async (epochs: number): Promise<number> => {
    const settings = { ...defaultTraining("ann"), epochs, stepsPerEpoch: 100, threads: 1 };
    return (await session.client.call("training.start", { preparation: 1, settings })).run;
  };
  const status = async (run: number): Promise<string | undefined> =>
    (await session.client.call("runs.overview", { run }))?.status;
  const epochShown = async (page: Page): Promise<number> => {
    const text = await page
      .locator("dl > div")
      .filter({ hasText: "Epoch" })
      .first()
      .locator("dd")
      .first()
      .textContent();
    return Number(/^([\d,]+) of/.exec(text ?? "")?.[1].replace(",", ""));
  };
  const untilEpoch = (page: Page, epoch: number) =>
    expect.poll(() => epochShown(page), { timeout: 60_000 }).toBeGreaterThanOrEqual(epoch);
  /** Empties the queue, so that a test does not affect the next. */
  const clear = async (): Promise<void> => {
    const { current, waiting } = await session.client.call("training.queue", {});
    for (const run of [...waiting, ...(current === null ? [] : [current])])
      await session.client.call("training.stop", { run });
    await expect
      .poll(async () => (await session.client.call("training.queue", {})).current, { timeout: 60_000 })
      .toBe(null);
  };

  afterEach(async () => {
    await clear();
  });

  it("explains the first step in a workspace without runs", async () => {
    const { page, pageErrors } = await visit("/training");
    await page.getByText("No runs yet.").waitFor();
    expect(pageErrors).toEqual([]);
  });

  it("monitors a run over a reload and in two tabs; pauses, resumes, and stops with the best checkpoint", async () => {
    const run = await start(MANY_EPOCHS);
    const first = await visit("/training");
    const { page } = first;
    await page.getByRole("heading", { name: `Run ${run}: ANN on Sample (seed 42)` }).waitFor();
    await untilEpoch(page, 3);
    await page.getByRole("img", { name: /^Loss\. After epoch \d+: training \d/ }).waitFor();
    await page.getByRole("img", { name: /^Accuracy\. After epoch \d+/ }).waitFor();
    await page.getByRole("img", { name: /^F1 by class, validation set\. After epoch \d+: N \d+\.\d{2} %/ }).waitFor();
    await page.getByText(/beats\/s$/).waitFor();
    await page
      .getByText("ETA (max)")
      .or(page.getByText(/^\d+ (s|min|h)/))
      .first()
      .waitFor();
    // The limitations are shown beside the metrics.
    await page.getByText(/made to try Ectopy on/).waitFor();

    const before = await epochShown(page);
    await page.reload();
    await untilEpoch(page, before);
    const drawn = await session.client.call("runs.epochs", { run });
    expect(drawn.length).toBeGreaterThanOrEqual(before - 1);

    const { page: other } = await visit(`/training/${run}`);
    await page.getByRole("button", { name: "Pause" }).click();
    await other.getByRole("button", { name: "Resume", exact: true }).waitFor();
    await other.getByText("Paused at a checkpoint.").waitFor();
    expect(await status(run)).toBe("paused");
    const paused = await epochShown(other);
    await other.getByRole("button", { name: "Resume", exact: true }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await untilEpoch(page, paused + 1);

    await page.getByRole("button", { name: "Stop (keep best checkpoint)" }).click();
    await page.getByText(/The best checkpoint \(epoch \d+\) is kept and evaluated on the test set\./).waitFor();
    await page.getByRole("button", { name: "Stop training" }).click();
    await page.getByRole("link", { name: "View results" }).click();
    await page.waitForURL(`http://127.0.0.1:${session.app.port}/runs/${run}`);
    await page.getByText(/^Stopped by the user\. Best epoch \d+ of \d+, evaluated on the test set\.$/).waitFor();
    await page.getByRole("table", { name: /Confusion matrix, test/ }).waitFor();
    expect(first.pageErrors).toEqual([]);
  });

  it("removes a waiting run from the queue by keyboard, and counts waiting runs in the tray", async () => {
    const current = await start(MANY_EPOCHS);
    const [next, last] = [await start(2), await start(2)];
    const { page } = await visit("/");
    const tray = page.getByRole("region", { name: "Training" });
    await tray.getByText("2 more queued").waitFor();
    await tray.getByRole("link", { name: `Run ${current}` }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(`http://127.0.0.1:${session.app.port}/training/${current}`);
    await page.getByRole("button", { name: `Remove from queue: run ${last}` }).focus();
    await page.keyboard.press("Enter");
    await page.getByText("1 run waiting.").waitFor();
    expect(await status(last)).toBe("cancelled");
    expect((await session.client.call("training.queue", {})).waiting).toEqual([next]);
  });

  it("links from a finished training to its run", async () => {
    const { page } = await visit("/");
    const run = await start(2);
    const tray = page.getByRole("region", { name: "Training" });
    await tray.getByText(/^Accuracy [\d.]+ %, macro F1 [\d.]+ % on the test set\.$/).waitFor();
    const link = tray.getByRole("link", { name: `Run ${run}`, exact: true });
    await link.click();
    await page.waitForURL(`http://127.0.0.1:${session.app.port}/runs/${run}`);
    // A run that was opened leaves the tray; one of an earlier test may still end there.
    await expect.poll(() => link.count()).toBe(0);
  });

  it.skipIf(process.platform === "win32")(
    `fails one run alone when its process is killed, says why, and resumes from the checkpoint (${NO_PROCESS_LIST})`,
    async () => {
      const run = await start(MANY_EPOCHS);
      const { page } = await visit(`/training/${run}`);
      await untilEpoch(page, 2);
      // A pause leaves a checkpoint.
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByRole("button", { name: "Resume", exact: true }).click();
      await page.getByRole("button", { name: "Pause" }).waitFor();
      process.kill(trainingProcess(session.app.pid), "SIGKILL");
      await page
        .getByRole("alert")
        .getByText(/The training process was killed \(SIGKILL\)/)
        .waitFor();
      await page.getByText(/^Checkpoint: \d+ epochs? completed, \d+ steps? in total\.$/).waitFor();
      expect(await status(run)).toBe("failed");
      const kept = (await session.client.call("runs.get", { run })).checkpoint!.epochs;
      await page.getByRole("button", { name: "Resume", exact: true }).click();
      await page.getByText(/^Resumed from its checkpoint/).waitFor();
      await untilEpoch(page, kept + 1);
      // After the next request of the run, only the log has the message.
      await expect
        .poll(() =>
          page
            .getByRole("main")
            .getByText(/was killed \(SIGKILL\)/)
            .allTextContents(),
        )
        .toEqual([expect.stringMatching(/^Failed\. /)]);
    },
  );

  it("cuts no text, and has no fault of accessibility in either theme", async () => {
    const run = await start(MANY_EPOCHS);
    await start(2);
    const { page } = await visit(`/training/${run}`);
    await untilEpoch(page, 2);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Resume", exact: true }).waitFor();
    expect(await layoutFaults(page)).toEqual([]);
    await page.getByRole("button", { name: "Stop (keep best checkpoint)" }).click();
    await page.getByText("A stopped run can't be resumed; a paused run can.").waitFor();
    await expectAccessible(page);
  });

  it("shows the recorded training and resumes it after the server is killed during a training and restarted", async () => {
    const run = await start(MANY_EPOCHS);
    const waiting = await start(2);
    const { page } = await visit(`/training/${run}`);
    await untilEpoch(page, 3);
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByRole("button", { name: "Resume", exact: true }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    const logged = await session.client.call("runs.log", { run });
    session.client.socket.close();
    await session.app.kill();
    await page.getByText("Ectopy can't be reached.").waitFor();
    await session.restart();
    await page.getByText("Interrupted: the training process ended without a message.", { exact: true }).waitFor();
    await page.getByText(logged[0].message, { exact: true }).waitFor();
    expect([await status(run), await status(waiting)]).toEqual(["interrupted", "interrupted"]);
    expect(await epochShown(page)).toBeGreaterThanOrEqual(3);
    const { checkpoint } = await session.client.call("runs.get", { run });
    await page.getByRole("button", { name: "Resume", exact: true }).click();
    await untilEpoch(page, checkpoint!.epochs + 1);
    // No step is recorded twice.
    const { steps } = await session.client.call("runs.steps", { run, points: 10_000 });
    expect([...steps]).toEqual(Array.from(steps, (_, i) => i + 1));
  });
});

/** Returns the process id of the training process among the app's child processes. */
function trainingProcess(parent: number): number {
  const found = childrenOf(parent).find((pid) =>
    execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).includes("training-process"),
  );
  if (found === undefined) throw new Error("There is no training process.");
  return found;
}
