/**
 * Runs the built app as a user does: the command line serves it on a separate workspace, and the system's Chromium
 * shows it.
 */
import { chromium, type Browser, type BrowserContext, type Page } from "@playwright/test";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApp } from "../../scripts/build-app.ts";
import { serverEnvironment } from "../../scripts/server-environment.mjs";
import { enter, newAddress } from "./socket-client.ts";

const root = join(import.meta.dirname, "../..");

export const browserPath = process.env["ECTOPY_BROWSER"] ?? "/usr/bin/chromium";
/** Reason for skipping the tests; empty where they can run. */
export const noBrowser = existsSync(browserPath) ? "" : "there is no Chromium (npm run setup -- browser)";

export interface RunningApp {
  /** The printed address. Its token was already used, for {@link cookie}. */
  url: string;
  /** Cookie of a browser that was admitted. */
  cookie: string;
  /** Returns an address that admits one browser, once. */
  address(): Promise<string>;
  port: number;
  folder: string;
  pid: number;
  /** Sends Ctrl-C and waits for the end. @returns the exit status */
  stop(): Promise<number | null>;
  /** Kills the app, which can't react to it. */
  kill(): Promise<void>;
}

export function temporaryApp(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "ectopy e2e-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** @param folder for the workspace and the settings @param env added to the environment of this process */
export async function startApp(folder: string, port = 0, env: NodeJS.ProcessEnv = {}): Promise<RunningApp> {
  await buildApp(root);
  const args = ["--workspace", join(folder, "workspace"), "--json", "serve", "--no-open", "--port", String(port)];
  const child = spawn(process.execPath, [join(root, "out/main/ectopy.js"), ...args], {
    cwd: root,
    env: { ...serverEnvironment, ...process.env, ...env, ECTOPY_SETTINGS: join(folder, "settings.json") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const started = await new Promise<{ url: string; port: number }>((resolve, reject) => {
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      if (printed.trimEnd().endsWith("}")) resolve(JSON.parse(printed) as { url: string; port: number });
    });
    child.on("exit", () => reject(new Error(`The server ended before it began.\n${said}`)));
  });
  const ended = once(child, "exit") as Promise<[number | null]>;
  const cookie = await enter(started.url);
  return {
    ...started,
    cookie,
    address: () => newAddress(started.url, cookie),
    folder,
    pid: child.pid!,
    stop: async () => {
      child.kill("SIGINT");
      return (await ended)[0];
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserPath,
    args: [
      // Containers run as root, which Chromium's sandbox refuses. The pages are those of the app.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // One process shows all pages, and V8 interprets scripts that run for seconds: 15.4 instead of 18.5 s of CPU time
      // for 12 pages and 6 accessibility checks.
      "--renderer-process-limit=1",
      "--disable-site-isolation-trials",
      "--js-flags=--no-opt",
    ],
  });
}

export interface WatchedPage {
  page: Page;
  context: BrowserContext;
  /** Errors and warnings of the console, and uncaught errors. */
  pageErrors: string[];
}

/** Opens the app's first screen in a new browser context that was admitted. */
export async function openPage(browser: Browser, app: Pick<RunningApp, "address">): Promise<WatchedPage> {
  const watched = await watchPage(await newContext(browser));
  await watched.page.goto(await app.address());
  await watched.page.getByRole("heading", { level: 1 }).waitFor();
  return watched;
}

/**
 * Makes a browser context with the window and the preferences of every test: the app follows the light theme of the
 * system.
 */
export function newContext(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width: 1280, height: 720 },
    reducedMotion: "reduce",
    colorScheme: "light",
  });
}

/** Opens an empty page, and records its errors and warnings. */
export async function watchPage(context: BrowserContext): Promise<WatchedPage> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const pageErrors: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) pageErrors.push(message.text());
  });
  page.on("pageerror", (error) => pageErrors.push(error.message));
  return { page, context, pageErrors };
}
