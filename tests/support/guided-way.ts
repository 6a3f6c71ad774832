/** The way of somebody who has never seen the app, by the buttons that stand out. */
import type { Page } from "@playwright/test";

/** From the first screen to a CNN in training on the sample. */
export async function trainOnSample(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Create sample" }).click();
  await page.getByRole("button", { name: "Next: prepare the beats" }).click();
  await page.getByRole("button", { name: "Prepare", exact: true }).click();
  await page.getByRole("button", { name: "Choose a model" }).click();
  // All that is not the guided way: one short epoch, to be quick.
  await page.getByLabel("Max. epochs").fill("1");
  await page.keyboard.press("Enter");
  await page.getByText("Advanced").click();
  await page.getByLabel("Steps per epoch").fill("20");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.waitForURL(/\/training/);
}
