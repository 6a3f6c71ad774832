/**
 * Stand-in for Electron's API where its binary is not installed: the built main and preload run against it. It records
 * their calls, and a test plays the page, the system's dialogs and the user.
 */
import { EventEmitter } from "node:events";
import { tmpdir } from "node:os";

export { safeStorage } from "./safe-storage.ts";
export { utilityProcess } from "./utility-process.ts";

type Handler = (event: unknown, ...args: unknown[]) => unknown;

export interface StandInEvent {
  defaultPrevented: boolean;
  preventDefault(): void;
}

export function event(): StandInEvent {
  return {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true;
    },
  };
}

class WebContents extends EventEmitter {
  sent: { channel: string; message: unknown }[] = [];
  windowOpenHandler: (details: { url: string }) => { action: string } = () => ({ action: "allow" });

  send(channel: string, message: unknown): void {
    this.sent.push({ channel, message: structuredClone(message) });
  }
  setWindowOpenHandler(handler: WebContents["windowOpenHandler"]): void {
    this.windowOpenHandler = handler;
  }
}

export class BrowserWindow extends EventEmitter {
  static all: BrowserWindow[] = [];
  static getAllWindows = (): BrowserWindow[] => BrowserWindow.all;
  readonly webContents = new WebContents();
  readonly options: Record<string, unknown>;
  url = "";
  progress: number[] = [];
  shown = 0;
  destroyed = false;

  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    BrowserWindow.all.push(this);
    app.emit("web-contents-created", event(), this.webContents);
  }
  async loadURL(url: string): Promise<void> {
    this.url = url;
    this.emit("ready-to-show");
    return Promise.resolve();
  }
  close(): void {
    const closing = event();
    this.emit("close", closing);
    if (closing.defaultPrevented) return;
    this.destroyed = true;
    BrowserWindow.all = BrowserWindow.all.filter((window) => window !== this);
    this.emit("closed");
    if (BrowserWindow.all.length === 0) app.emit("window-all-closed");
  }
  show(): void {
    this.shown++;
  }
  setProgressBar(value: number): void {
    this.progress.push(value);
  }
  focus(): void {}
  restore(): void {}
  maximize(): void {}
  isMinimized = (): boolean => false;
  isMaximized = (): boolean => false;
  isDestroyed = (): boolean => this.destroyed;
  getNormalBounds = (): object => ({ x: 40, y: 30, width: 1300, height: 800 });
}

class App extends EventEmitter {
  readonly name = "Ectopy";
  /** False for an app that runs from the sources. */
  readonly isPackaged = process.env["ECTOPY_TEST_PACKAGED"] === "1";
  sandboxed = false;
  locked = true;
  quits = 0;
  exitStatus: number | undefined;
  requestSingleInstanceLock = (): boolean => this.locked;
  enableSandbox(): void {
    this.sandboxed = BrowserWindow.all.length === 0;
  }
  whenReady = (): Promise<void> => Promise.resolve();
  getPath = (): string => process.env["ECTOPY_TEST_USER_DATA"] ?? tmpdir();
  /** Quits in Electron's order: `before-quit`, all windows, `will-quit`. */
  quit(): void {
    this.quits++;
    this.emit("before-quit", event());
    for (const window of BrowserWindow.all) window.close();
    if (BrowserWindow.all.length > 0) return;
    const quitting = event();
    this.emit("will-quit", quitting);
    if (!quitting.defaultPrevented) this.emit("quit");
  }
  exit(status: number): void {
    this.exitStatus = status;
  }
}

export const app = new App();

export const ipcMain = {
  handlers: new Map<string, Handler>(),
  handle(channel: string, handler: Handler): void {
    this.handlers.set(channel, handler);
  },
};

export const protocol = {
  schemes: [] as { scheme: string }[],
  handlers: new Map<string, (request: Request) => Promise<Response>>(),
  registerSchemesAsPrivileged(schemes: { scheme: string }[]): void {
    this.schemes.push(...schemes);
  },
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void {
    this.handlers.set(scheme, handler);
  },
};

type PermissionRequest = (
  contents: unknown,
  permission: string,
  answer: (yes: boolean) => void,
  details: { requestingUrl: string },
) => void;
type PermissionCheck = (contents: unknown, permission: string, origin: string) => boolean;

export const session = {
  defaultSession: {
    permissionRequest: undefined as PermissionRequest | undefined,
    permissionCheck: undefined as PermissionCheck | undefined,
    devicePermission: undefined as (() => boolean) | undefined,
    setPermissionRequestHandler(handler: PermissionRequest) {
      this.permissionRequest = handler;
    },
    setPermissionCheckHandler(handler: PermissionCheck) {
      this.permissionCheck = handler;
    },
    setDevicePermissionHandler(handler: () => boolean) {
      this.devicePermission = handler;
    },
  },
};

/** What the stand-in of the dialog knows. */
interface OpenDialog {
  title?: string;
  properties?: string[];
  filters?: { extensions: string[] }[];
}

export const dialog = {
  /** Paths that the user chooses, and the button that the user presses (`response`). */
  chosen: [] as string[],
  response: 0,
  asked: [] as { message: string }[],
  errors: [] as string[],
  /** Options of the dialogs that asked for a path. */
  opened: [] as OpenDialog[],
  showOpenDialog: (_window: unknown, options: OpenDialog) => {
    dialog.opened.push(options);
    return Promise.resolve({ canceled: dialog.chosen.length === 0, filePaths: dialog.chosen });
  },
  showMessageBox: (_window: unknown, options: { message: string }) => {
    dialog.asked.push(options);
    return Promise.resolve({ response: dialog.response });
  },
  showErrorBox: (title: string, text: string) => void dialog.errors.push(`${title}\n${text}`),
};

export const shell = {
  opened: [] as string[],
  openExternal: (url: string) => Promise.resolve(void shell.opened.push(url)),
  shownInFolder: [] as string[],
  showItemInFolder: (path: string) => void shell.shownInFolder.push(path),
};

export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };

export interface MenuItem {
  label?: string;
  role?: string;
  accelerator?: string;
  submenu?: MenuItem[];
  click?: () => void;
}

export const Menu = {
  template: [] as MenuItem[],
  buildFromTemplate(template: MenuItem[]): MenuItem[] {
    return template;
  },
  setApplicationMenu(menu: MenuItem[]): void {
    this.template = menu;
  },
};

/** The preload's side: a page, whose calls reach the handlers of main with this address as the sender. */
export const page = { url: "app://ectopy/", listeners: new EventEmitter(), world: {} as Record<string, unknown> };

export const contextBridge = {
  exposeInMainWorld: (name: string, value: unknown) => void (page.world[name] = value),
};

export const ipcRenderer = {
  invoke: async (channel: string, ...args: unknown[]): Promise<unknown> => {
    const handler = ipcMain.handlers.get(channel);
    if (!handler) throw new Error(`Nothing handles ${channel}.`);
    const sender = { senderFrame: { url: page.url, parent: null } };
    return structuredClone(await handler(sender, ...structuredClone(args)));
  },
  on: (channel: string, listener: (...args: unknown[]) => void) => void page.listeners.on(channel, listener),
  off: (channel: string, listener: (...args: unknown[]) => void) => void page.listeners.off(channel, listener),
};

export const webUtils = { getPathForFile: () => "/recordings/mine" };
