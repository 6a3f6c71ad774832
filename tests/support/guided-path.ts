/** The guided path of a new user, by the highlighted buttons. */
import type { Page } from "@playwright/test";

/** Leads from the first screen to an ANN in training on the sample recordings, without a changed default. */
export async function trainOnSample(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Create sample" }).click();
  await page.getByRole("button", { name: "Next: prepare the beats" }).click();
  await page.getByRole("button", { name: "Prepare", exact: true }).click();
  await page.getByRole("button", { name: "Choose a model" }).click();
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.waitForURL(/\/training/);
}
