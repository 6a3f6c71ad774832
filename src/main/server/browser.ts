/**
 * Opens the user's browser, where a display exists. Every user of the machine can read the arguments of a process: the
 * browser therefore gets the path of a page that only this user can read, and that page redirects to the address.
 */
import open from "open";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTemporaryFolder } from "../base/temporary.ts";
import { redirectPage } from "./html.ts";
import { logger } from "../base/logger.ts";

const log = logger("server");

/**
 * @param newAddress makes an address that works once, and calls back when it is used or expired
 * @param openFile opens a file by the system
 */
export async function openBrowser(
  newAddress: (gone: () => void) => string,
  warn: (message: string) => void,
  openFile: typeof open = open,
): Promise<void> {
  const failed = (): void => warn("No browser could be opened. Open the address in a browser.");
  try {
    const folder = makeTemporaryFolder("browser");
    const page = join(folder, "open-ectopy.html");
    const address = newAddress(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(page, redirectPage(address), { mode: 0o600 });
    const child = await openFile(page);
    child.on("error", failed);
  } catch (error) {
    log.warning("No browser could be opened", error);
    failed();
  }
}
