/** What every test in a browser begins and ends with: the app on a folder of its own, a browser, and pages that are closed again. */
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
  /** Of the workspace and the settings. */
  readonly folder: string;
  readonly browser: Browser;
  readonly app: RunningApp;
  /** Asks the app beside its pages. */
  readonly client: TestClient;
  /** A browser of its own, at an address; closed after the test. */
  readonly visit: (path: string, theme?: Theme) => Promise<WatchedPage>;
  /** The same without an address: where one arrives. */
  readonly arrive: (theme?: Theme) => Promise<WatchedPage>;
  /** The app once more, on the same folder and port, after it has ended. */
  readonly restart: () => Promise<void>;
}

/** To be called where the tests are described. @param before the app is started: what it finds in its folder */
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

/** Faults of accessibility that keep somebody out, each with where it is. */
export async function seriousFaults(page: Page): Promise<[string, string[]][]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
