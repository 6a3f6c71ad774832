/** Another browser: admitted once, by an address from the settings of the first one, or by the page that opens it. */
import { pathToFileURL } from "node:url";
import type open from "open";
import { describe, expect, it } from "vitest";
import { openBrowser } from "../../src/main/server/browser.ts";
import { noBrowser } from "../support/app.ts";
import { accessibilityFaults, browserSession } from "../support/browser-session.ts";

describe.skipIf(noBrowser !== "")(`another browser${noBrowser && `: ${noBrowser}`}`, () => {
  const session = browserSession();

  it("is admitted once by an address from the settings", async () => {
    const { page } = await session.visit("/settings");
    await page.getByRole("button", { name: "Create address" }).click();
    const address = await page.getByRole("status").locator("code").innerText();
    expect(await accessibilityFaults(page)).toEqual([]);
    const heading = async (): Promise<string> => {
      const context = await session.browser.newContext();
      const other = await context.newPage();
      await other.goto(address);
      const text = await other.getByRole("heading", { level: 1 }).innerText();
      await context.close();
      return text;
    };
    expect(await heading()).not.toContain("used already");
    expect(await heading()).toBe("This address was used already, or is too old");
  });

  it("is redirected from a file to the app", async () => {
    const address = await session.app.address();
    let file = "";
    const openFile = ((path: string) => {
      file = path;
      return Promise.resolve({ on: () => undefined });
    }) as unknown as typeof open;
    await openBrowser(
      () => address,
      () => {},
      openFile,
    );
    const context = await session.browser.newContext();
    const page = await context.newPage();
    await page.goto(pathToFileURL(file).href);
    await page.waitForURL(`http://127.0.0.1:${session.app.port}/`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await context.close();
  });
});
