/**
 * Set-up and tear-down of every test in a browser: the app on a separate folder, a browser, and pages that are closed.
 */
import AxeBuilder from "@axe-core/playwright";
import type { Browser, Page } from "@playwright/test";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launchBrowser, openPage, startApp, temporaryApp, type RunningApp, type WatchedPage } from "./app.ts";
import { BrowserContexts } from "./browser-contexts.ts";
import { connect, type TestClient } from "./socket-client.ts";

export interface BrowserSession {
  /** Folder of the workspace and the settings. */
  readonly folder: string;
  readonly browser: Browser;
  readonly app: RunningApp;
  /** Calls the app directly, without a page. */
  readonly client: TestClient;
  /** Opens a path of the app in a browser context without any data of a previous test; it is closed after the test. */
  readonly visit: (path: string) => Promise<WatchedPage>;
  /** Opens the first screen in a new browser context, which is admitted by an address. */
  readonly visitByAddress: () => Promise<WatchedPage>;
  /** Starts the app again, on the same folder and port, after it ended. */
  readonly restart: () => Promise<void>;
}

/** Call it inside `describe`. @param before fills the folder before the app is started */
export function browserSession(before: (folder: string) => Promise<void> | void = () => {}): BrowserSession {
  const { folder, remove } = temporaryApp();
  let browser: Browser;
  let contexts: BrowserContexts;
  let app: RunningApp;
  let client: TestClient;
  let visitedByAddress: WatchedPage[] = [];
  const start = async (port?: number): Promise<void> => {
    app = await startApp(folder, port);
    client = await connect(app.url, app.cookie);
  };
  beforeAll(async () => {
    await before(folder);
    [browser] = await Promise.all([launchBrowser(), start()]);
    contexts = new BrowserContexts(browser);
  });
  afterEach(async () => {
    await Promise.all(visitedByAddress.map(({ context }) => context.close()));
    visitedByAddress = [];
    await contexts.clear();
  });
  afterAll(async () => {
    client.socket.close();
    await browser.close();
    expect(await app.stop()).toBe(0);
    remove();
  });
  return {
    folder,
    get browser() {
      return browser;
    },
    get app() {
      return app;
    },
    get client() {
      return client;
    },
    visit: (path) => contexts.open(app, path),
    visitByAddress: async () => {
      const visited = await openPage(browser, app);
      visitedByAddress.push(visited);
      return visited;
    },
    restart: () => start(app.port),
  };
}

/** Expects no accessibility violation, in the dark theme and in the light one, which stays. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const theme of ["dark", "light"] as const) {
    await showTheme(page, theme);
    expect(await accessibilityFaults(page), `${page.url()}, ${theme}`).toEqual([]);
  }
}

/** Has the app show a theme, which it takes from the system, without a reload. */
export async function showTheme(page: Page, theme: "dark" | "light"): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await expect.poll(() => page.evaluate("getComputedStyle(document.documentElement).colorScheme")).toBe(theme);
}

/**
 * Returns the accessibility violations of any severity in the current theme, each with its elements.
 * @param within selector of the part to check; the whole page without it
 */
export async function accessibilityFaults(page: Page, within?: string): Promise<[string, string[]][]> {
  // The default mode opens another page for each check, to merge the results of frames. The app has no frames.
  const builder = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  if (within !== undefined) builder.include(within);
  const { violations } = await builder.analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

/** Waits for the notice of a text that is shown, not the one that screen readers announce. */
export function waitForNotice(page: Page, text: string | RegExp): Promise<void> {
  return page.getByText(text).and(page.locator(":not([role=status])")).first().waitFor();
}
