/**
 * Layout and accessibility of every screen and dialog, in windows of several sizes and in both themes, on stored runs
 * that no test trains.
 */
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { noBrowser } from "../support/app.ts";
import { accessibilityFaults, browserSession } from "../support/browser-session.ts";
import { makeWalkedWorkspace, openScene, scenes, writeLeftover } from "../support/every-screen.ts";
import { expectSoundLayout } from "../support/expect-sound-layout.ts";
import { layoutFaults } from "../support/layout-faults.ts";

describe.skipIf(noBrowser !== "")(`the layout of the screens${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession((folder) => makeWalkedWorkspace(join(folder, "workspace")));
  beforeAll(() => writeLeftover(join(session.folder, "workspace")));

  it.each(scenes)("cuts and overlaps nothing, scrolls not sideways, and is accessible: $name", async (scene) => {
    const { page, pageErrors } = await session.visit(scene.path);
    await openScene(page, scene);
    await expectSoundLayout(page);
    expect(pageErrors).toEqual([]);
  });

  it("shows the curves of a run on Training without scrolling, at 1280 × 720", async () => {
    const { page } = await session.visit("/training/1");
    const box = await page.getByRole("img", { name: /^Loss\./ }).boundingBox();
    expect(box && box.y + box.height).toBeLessThan(720);
  });

  it("shows the limitations of a run in one line, and all of them by keyboard, within the window", async () => {
    const { page } = await session.visit("/runs/1");
    const note = page.getByRole("complementary", { name: "Limitations" });
    await page.setViewportSize({ width: 640, height: 360 });
    expect((await note.boundingBox())?.height).toBeLessThan(40);
    await note.getByRole("button").press("Enter");
    const list = note.getByRole("list");
    expect(await list.getByRole("listitem").count()).toBe(3);
    await expect.poll(() => layoutFaults(page)).toEqual([]);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "detached" });
  });
});
