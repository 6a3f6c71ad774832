/** Pictures of the gallery's sections in both themes, from the development server: no workspace, no build. */
import type { Page } from "@playwright/test";
import vue from "@vitejs/plugin-vue";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createServer } from "vite";
import { launchBrowser } from "./app.ts";

/** Charts draw for a moment after their data arrived. */
const DRAWING_MS = 1500;
const dialogs = ["Open dialog", "Open path dialog", "Open export dialog"];

/**
 * Writes `gallery-SECTION-THEME.png` for each section, for the messages and for each dialog.
 *
 * @returns errors and warnings on the page's console
 */
export async function takeGalleryPictures(root: string, folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const server = await createServer({
    configFile: false,
    root: join(root, "src/renderer"),
    cacheDir: join(root, "out/vite"),
    plugins: [vue()],
    server: { host: "127.0.0.1", port: 0 },
    logLevel: "error",
  });
  const browser = await launchBrowser();
  const pageErrors: string[] = [];
  try {
    await server.listen();
    const address = new URL("/gallery", server.resolvedUrls!.local[0]).href;
    const viewport = { width: 1280, height: 720 };
    for (const theme of ["light", "dark"] as const) {
      const context = await browser.newContext({ viewport, reducedMotion: "reduce", colorScheme: theme });
      const page = await context.newPage();
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) pageErrors.push(message.text());
      });
      page.on("pageerror", (error) => pageErrors.push(error.message));
      await page.goto(address);
      await page.getByRole("heading", { name: "Components" }).waitFor();
      await page.waitForLoadState("networkidle");
      await wait(DRAWING_MS);
      await pictureSections(page, folder, theme);
      await context.close();
    }
  } finally {
    await browser.close();
    await server.close();
  }
  return pageErrors;
}

async function pictureSections(page: Page, folder: string, theme: string): Promise<void> {
  const file = (name: string): string => join(folder, `gallery-${name}-${theme}.png`);
  for (const section of await page
    .locator("section[id]")
    .filter({ has: page.locator("h2") })
    .all()) {
    await section.screenshot({ path: file((await section.getAttribute("id"))!) });
  }
  for (const name of dialogs) {
    await page.getByRole("button", { name, exact: true }).click();
    await page.getByRole("dialog").waitFor();
    await wait(DRAWING_MS);
    await page.screenshot({ path: file(name.replace("Open ", "").replaceAll(" ", "-")) });
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  }
  await page.getByRole("button", { name: "Show messages" }).click();
  await page.screenshot({ path: file("messages") });
}
