/** Files of the built renderer, with the headers of every page: the same for window and browser. */
import { readFile } from "node:fs/promises";
import { extname, join, resolve, sep } from "node:path";

/**
 * Allows scripts and data of the app alone, and no framing. Styles may be inline: the component library adds them to
 * the page at run time.
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
 * Reads a file of the renderer.
 * @param folder of the built renderer
 * @param pathname of the address, encoded; without an extension it is a screen, and returns the app
 * @returns null where the file does not exist
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
    // Names of built files hold a hash of their content.
    const caching = name === "index.html" ? "no-store" : "private, max-age=31536000, immutable";
    return { bytes, headers: { ...securityHeaders, "Content-Type": type, "Cache-Control": caching } };
  } catch {
    return null;
  }
}
