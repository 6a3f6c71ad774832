/** The Electron shell: one window on the built renderer, with nothing of Node in it. */
import { app, BrowserWindow, net, protocol, session } from "electron";
import { dirname, join, normalize, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The renderer is served under a scheme of its own: `file://` would open every file of the machine to it. */
const SCHEME = "ectopy";
const here = dirname(fileURLToPath(import.meta.url));
const pages = join(here, "../renderer");
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'";

protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true } }]);

async function servePage(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const path = normalize(join(pages, pathname === "/" ? "index.html" : decodeURIComponent(pathname)));
  if (!path.startsWith(pages + sep)) return new Response("Not found", { status: 404 });
  const file = await net.fetch(pathToFileURL(path).href);
  const headers = new Headers(file.headers);
  headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
  return new Response(file.body, { status: file.status, headers });
}

async function openWindow(): Promise<void> {
  const window = new BrowserWindow({
    width: 1280,
    height: 720,
    show: false,
    webPreferences: {
      preload: join(here, "../preload/index.cjs"),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
    },
  });
  window.webContents.setWindowOpenHandler(() => ({ action: "deny" }));
  window.webContents.on("will-navigate", (event) => event.preventDefault());
  window.once("ready-to-show", () => window.show());
  await window.loadURL(`${SCHEME}://app/`);
}

void app.whenReady().then(async () => {
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  protocol.handle(SCHEME, servePage);
  await openWindow();
});
app.on("window-all-closed", () => app.quit());
