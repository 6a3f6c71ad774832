/** Checks what a page shows in windows of several sizes and in both themes. */
import type { Page } from "@playwright/test";
import { expect } from "vitest";
import { accessibilityFaults, showTheme } from "./browser-session.ts";
import { layoutFaults, WINDOW_SIZES } from "./layout-faults.ts";

/** Expects no cut text, no sideways scroll, no overlap, and no accessibility violation. The window stays large and dark. */
export async function expectSoundLayout(page: Page): Promise<void> {
  for (const [width, height] of WINDOW_SIZES) {
    await page.setViewportSize({ width, height });
    await expect.poll(() => layoutFaults(page), { message: `at ${width} × ${height}` }).toEqual([]);
  }
  // The page below a dialog is another scene.
  const part = (await page.getByRole("dialog").count()) > 0 ? "[role=dialog]" : undefined;
  // Light in the smallest window, where most regions scroll; dark in the largest, which shows most of them.
  expect(await accessibilityFaults(page, part), "light").toEqual([]);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await showTheme(page, "dark");
  expect(await accessibilityFaults(page, part), "dark").toEqual([]);
}
