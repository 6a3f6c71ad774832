import { existsSync, readFileSync, statSync } from "node:fs";
import type open from "open";
import { dirname } from "node:path";
import { expect, it, vi } from "vitest";
import { openBrowser } from "./browser.ts";

const address = "http://127.0.0.1:4680/enter?token=secret&x=1";

it("gives the browser the path of a page that this user alone can read; it is removed with its token", async () => {
  const opened: unknown[][] = [];
  const openFile = ((...args: unknown[]) => {
    opened.push(args);
    return Promise.resolve({ on: () => undefined });
  }) as unknown as typeof open;
  let gone: (() => void) | undefined;
  await openBrowser(
    (callback) => {
      gone = callback;
      return address;
    },
    () => {},
    openFile,
  );
  expect(JSON.stringify(opened)).not.toContain("secret");
  const [[path]] = opened as [[string]];
  expect(readFileSync(path, "utf8")).toContain('content="0; url=http://127.0.0.1:4680/enter?token=secret&amp;x=1"');
  if (process.platform !== "win32") {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  }
  gone!();
  expect(existsSync(dirname(path))).toBe(false);
});

it("says so where there is no browser", async () => {
  const warn = vi.fn();
  const openFile = (() => Promise.reject(new Error("none"))) as unknown as typeof open;
  await openBrowser(() => address, warn, openFile);
  expect(warn).toHaveBeenCalledWith("No browser could be opened. Open the address in a browser.");
});
