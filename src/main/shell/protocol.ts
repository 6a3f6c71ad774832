/** Serves the renderer under a custom scheme: with `file://` it could read every file of the machine. */
import { protocol } from "electron";
import { readPage, securityHeaders } from "../api/pages.ts";
import { rendererFolder } from "../entry-points.ts";

const SCHEME = "app";
/** Address of the only page. */
export const PAGE = `${SCHEME}://ectopy/`;

/** Registers the scheme. Called before the app is ready, as Electron requires. */
export function registerScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
}

export function servePages(): void {
  protocol.handle(SCHEME, async ({ url, method }) => {
    const { host, pathname } = new URL(url);
    const page = host === "ectopy" && method === "GET" ? await readPage(rendererFolder(), pathname) : null;
    if (page === null) return new Response("Not found", { status: 404, headers: securityHeaders });
    return new Response(page.bytes, { headers: page.headers });
  });
}
