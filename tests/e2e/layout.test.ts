/** The layout of the screens in windows of several sizes, on stored runs that no test trains. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openWorkspace } from "../../src/main/store/workspace.ts";
import { noBrowser } from "../support/app.ts";
import { browserSession } from "../support/browser-session.ts";
import { addFinishedRun } from "../support/finished-runs.ts";
import { layoutFaults, WINDOW_SIZES } from "../support/layout-faults.ts";
import { makeWorkspace, SAMPLE } from "../support/shared-workspaces.ts";

describe.skipIf(noBrowser !== "")(`the layout of the screens${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession(async (folder) => {
    const path = join(folder, "workspace");
    await makeWorkspace(path, [SAMPLE, ["prepare", "1"]]);
    const workspace = openWorkspace(path, "write", () => {});
    for (const seed of [1, 2]) await addFinishedRun(workspace, { seed });
    workspace.close();
  });

  it.each([
    "/",
    "/recordings",
    "/preparation/1",
    "/preparation/set/1",
    "/model",
    "/training",
    "/runs",
    "/runs/1",
    "/compare?runs=1,2",
    "/experiments",
    "/help",
    "/settings",
    "/no/such/screen",
  ])("cuts, overlaps and scrolls nothing sideways from 640 × 360 to 1920 × 1080 pixels: %s", async (path) => {
    const { page, pageErrors } = await session.visit(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForLoadState("networkidle");
    for (const [width, height] of WINDOW_SIZES) {
      await page.setViewportSize({ width, height });
      await expect.poll(() => layoutFaults(page), { message: `at ${width} × ${height}` }).toEqual([]);
    }
    expect(pageErrors).toEqual([]);
  });
});
