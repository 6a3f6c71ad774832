/**
 * Browser contexts that tests use one after another. A context keeps the compiled scripts of the app: in a new context,
 * a page takes Chromium three times as long. Everything that a test could leave in it is removed.
 */
import type { Browser, BrowserContext, Page } from "@playwright/test";
import { newContext, watchPage, type RunningApp, type WatchedPage } from "./app.ts";

/** What a page can store. The storage of a session ends with its page. */
const STORAGES = ["local_storage", "indexeddb", "websql", "cache_storage", "service_workers", "file_systems"];

interface KeptContext {
  context: BrowserContext;
  /** Stays open and empty: Chromium drops the scripts of a context without pages. */
  empty: Page;
}

export class BrowserContexts {
  readonly #browser: Browser;
  readonly #kept: KeptContext[] = [];
  /** The pages of the running test: each has a separate context. */
  #open: WatchedPage[] = [];

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  /** Opens a path of the app in a context that no other page of this test uses and that the app has admitted. */
  async open({ cookie, port }: Pick<RunningApp, "cookie" | "port">, path: string): Promise<WatchedPage> {
    const origin = `http://127.0.0.1:${port}`;
    const { context } = (this.#kept[this.#open.length] ??= await keepContext(this.#browser));
    const equals = cookie.indexOf("=");
    const [name, value] = [cookie.slice(0, equals), cookie.slice(equals + 1)];
    await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: "Strict" }]);
    const watched = await watchPage(context);
    this.#open.push(watched);
    await watched.page.goto(`${origin}${path}`);
    await watched.page.getByRole("main").waitFor();
    return watched;
  }

  /** Closes the pages of a test, and removes stored data, cookies and permissions. */
  async clear(): Promise<void> {
    const open = this.#open;
    this.#open = [];
    await Promise.all(open.map(({ page }, i) => clearContext(this.#kept[i], new URL(page.url()).origin)));
  }
}

async function keepContext(browser: Browser): Promise<KeptContext> {
  const context = await newContext(browser);
  return { context, empty: await context.newPage() };
}

async function clearContext({ context, empty }: KeptContext, origin: string): Promise<void> {
  const opened = context.pages().filter((page) => page !== empty);
  await Promise.all(opened.map((page) => page.close()));
  const devtools = await context.newCDPSession(empty);
  await devtools.send("Storage.clearDataForOrigin", { origin, storageTypes: STORAGES.join() });
  await devtools.detach();
  await context.clearCookies();
  await context.clearPermissions();
}
