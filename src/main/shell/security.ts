/** Denies pages everything but showing the app. Listed https addresses open in the user's browser. */
import { app, session, shell, type WebContents } from "electron";
import { PAGE } from "./protocol.ts";

/** Hosts of links in the app's texts. */
const outside = new Set(["physionet.org", "www.physionet.org", "mlflow.org", "www.mlflow.org"]);

/** Permission to write text, such as a citation, to the clipboard; reading is denied. */
const COPYING = "clipboard-sanitized-write";

export function denyEverything(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) =>
    answer(permission === COPYING && isOurs(requestingUrl)),
  );
  defaultSession.setPermissionCheckHandler((_contents, permission, origin) => permission === COPYING && isOurs(origin));
  defaultSession.setDevicePermissionHandler(() => false);
  app.on("web-contents-created", (_event, contents) => confine(contents));
}

function confine(contents: WebContents): void {
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpen(url)) void shell.openExternal(url);
    return { action: "deny" };
  });
  // Navigation of the window, redirects, and frames, of which there are none.
  contents.on("will-navigate", (event) => {
    if (!isOurs(event.url)) event.preventDefault();
  });
  contents.on("will-redirect", (event) => {
    if (!isOurs(event.url)) event.preventDefault();
  });
  contents.on("will-frame-navigate", (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on("will-attach-webview", (event) => event.preventDefault());
}

/** @param url of a page, or its origin, which may lack the trailing slash */
export function isOurs(url: string): boolean {
  return `${url}/`.startsWith(PAGE);
}

function mayOpen(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username } = new URL(url);
  return protocol === "https:" && outside.has(hostname) && port === "" && username === "";
}
