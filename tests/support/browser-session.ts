/** Set-up and tear-down of every test in a browser: the app on a separate folder, a browser, and pages that are closed. */
import AxeBuilder from "@axe-core/playwright";
import type { Browser, Page } from "@playwright/test";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import {
  launchBrowser,
  openPage,
  startApp,
  temporaryApp,
  type RunningApp,
  type Theme,
  type WatchedPage,
} from "./app.ts";
import { connect, type TestClient } from "./socket-client.ts";

export interface BrowserSession {
  /** Folder of the workspace and the settings. */
  readonly folder: string;
  readonly browser: Browser;
  readonly app: RunningApp;
  /** Calls the app directly, without a page. */
  readonly client: TestClient;
  /** Opens an address in a new browser context, which is closed after the test. */
  readonly visit: (path: string, theme?: Theme) => Promise<WatchedPage>;
  /** Opens the first screen in a new browser context. */
  readonly arrive: (theme?: Theme) => Promise<WatchedPage>;
  /** Starts the app again, on the same folder and port, after it ended. */
  readonly restart: () => Promise<void>;
}

/** Call it inside `describe`. @param before fills the folder before the app is started */
export function browserSession(before: (folder: string) => Promise<void> | void = () => {}): BrowserSession {
  const { folder, remove } = temporaryApp();
  let browser: Browser;
  let app: RunningApp;
  let client: TestClient;
  let open: WatchedPage[] = [];
  const start = async (port?: number): Promise<void> => {
    app = await startApp(folder, port);
    client = await connect(app.url, app.cookie);
  };
  const arrive = async (theme?: Theme): Promise<WatchedPage> => {
    const visited = await openPage(browser, app, theme);
    open.push(visited);
    return visited;
  };
  beforeAll(async () => {
    await before(folder);
    [browser] = await Promise.all([launchBrowser(), start()]);
  });
  afterEach(async () => {
    await Promise.all(open.map(({ context }) => context.close()));
    open = [];
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
    visit: async (path, theme) => {
      const visited = await arrive(theme);
      await visited.page.goto(`http://127.0.0.1:${app.port}${path}`);
      return visited;
    },
    arrive,
    restart: () => start(app.port),
  };
}

/** Returns serious and critical accessibility violations, each with its elements. */
export async function seriousFaults(page: Page): Promise<[string, string[]][]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
