/** Begins a review in the window. */
import type { Locator, Page } from "@playwright/test";

/** Begins the review of the shown recording under a reviewer's name, and returns its panel. */
export async function beginReview(page: Page, reviewer: string): Promise<Locator> {
  await page.getByRole("button", { name: "Review", exact: true }).click();
  await page.getByLabel("Your name").fill(reviewer);
  await page.getByRole("button", { name: "Save name" }).click();
  const review = page.getByRole("group", { name: "Review" });
  await review.getByText("Every edit is stored.").waitFor();
  return review;
}
