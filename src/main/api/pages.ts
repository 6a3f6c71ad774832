/** The built renderer's files, and the headers that every page goes out with: the same for the window and the browser. */
import { readFile } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";

/**
 * Scripts and data from ourselves alone; nobody may frame us. Styles may be inline: the components' library puts them into the
 * page as it needs them.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const securityHeaders: Readonly<Record<string, string>> = {
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()",
};

const contentTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

export interface Page {
  bytes: Buffer<ArrayBuffer>;
  headers: Record<string, string>;
}

/**
 * @param folder of the built renderer
 * @param pathname of the address, still encoded; one without an extension is a screen's, and gives the app
 * @returns null where there is no such file
 */
export async function readPage(folder: string, pathname: string): Promise<Page | null> {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (path.includes("\0")) return null;
  const name = extname(path) === "" ? "index.html" : path;
  const file = resolve(join(folder, name));
  const type = contentTypes[extname(file)];
  if (!file.startsWith(resolve(folder) + sep) || type === undefined) return null;
  try {
    const bytes = await readFile(file);
    // Built files carry a hash of their content in their name.
    const caching = name === "index.html" ? "no-store" : "private, max-age=31536000, immutable";
    return { bytes, headers: { ...securityHeaders, "Content-Type": type, "Cache-Control": caching } };
  } catch {
    return null;
  }
}
