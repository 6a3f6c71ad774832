/** The guided path of a new user, by the highlighted buttons. */
import type { Page } from "@playwright/test";

/** Leads from the first screen to a 1D-CNN in training on the sample recordings. */
export async function trainOnSample(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Create sample" }).click();
  await page.getByRole("button", { name: "Next: prepare the beats" }).click();
  await page.getByRole("button", { name: "Prepare", exact: true }).click();
  await page.getByRole("button", { name: "Choose a model" }).click();
  // Not on the guided path: one short epoch, to save time.
  await page.getByLabel("Max. epochs").fill("1");
  await page.keyboard.press("Enter");
  await page.getByText("Advanced").click();
  await page.getByLabel("Steps per epoch").fill("20");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.waitForURL(/\/training/);
}
