/** The guided path of a new user, by the highlighted buttons. */
import type { Page } from "@playwright/test";

/** Imports what an inspection has found, with all that it proposes. @param name of the folder or file */
export async function importInspected(page: Page, name: string): Promise<void> {
  await page
    .getByRole("dialog", { name: `Import ${name}` })
    .getByRole("button", { name: "Import", exact: true })
    .click();
}

/** Leads from the first screen to an ANN in training on the sample recordings, without a changed default. */
export async function trainOnSample(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Create sample" }).click();
  await page.getByRole("button", { name: "Next: prepare the beats" }).click();
  await page.getByRole("button", { name: "Prepare", exact: true }).click();
  await page.getByRole("button", { name: "Choose a model" }).click();
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.waitForURL(/\/training/);
}
