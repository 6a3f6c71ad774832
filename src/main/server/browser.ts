/**
 * Opens the user's browser, where there is one to be seen. Arguments of a process can be read by every user of the machine: the
 * browser gets the path of a page that this user alone can read, and that page leads to the address.
 */
import open from "open";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeTemporaryFolder } from "../base/temporary.ts";
import { redirectPage } from "./html.ts";
import { logger } from "../base/logger.ts";

const log = logger("server");

/**
 * @param newAddress makes an address that works once; calls back when it does not any more
 * @param openFile opens a file as the system does
 */
export async function openBrowser(
  newAddress: (gone: () => void) => string,
  warn: (message: string) => void,
  openFile: typeof open = open,
): Promise<void> {
  const failed = (): void => warn("No browser could be opened: open the address yourself.");
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
