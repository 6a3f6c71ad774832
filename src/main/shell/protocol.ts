/** The renderer is served under a scheme of its own: `file://` would open every file of the machine to it. */
import { protocol } from "electron";
import { readPage, securityHeaders } from "../api/pages.ts";
import { rendererFolder } from "../entry-points.ts";

const SCHEME = "app";
/** The only page there is. */
export const PAGE = `${SCHEME}://ectopy/`;

/** Before the app is ready, as Electron demands. */
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
