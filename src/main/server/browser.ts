/** Opens the user's browser, where there is one to be seen. */
import open from "open";

/** Whether windows can be shown: over SSH there is often nobody to see them. */
export function hasDisplay(): boolean {
  const { env, platform } = process;
  if (platform === "win32") return true;
  if (platform === "darwin") return env["SSH_CONNECTION"] === undefined;
  return Boolean(env["DISPLAY"] || env["WAYLAND_DISPLAY"]);
}

export async function openBrowser(url: string, warn: (message: string) => void): Promise<void> {
  try {
    const child = await open(url);
    child.on("error", () => warn("No browser could be opened: open the address yourself."));
  } catch {
    warn("No browser could be opened: open the address yourself.");
  }
}
