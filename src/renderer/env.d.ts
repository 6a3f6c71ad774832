/// <reference types="vite/client" />

import type { DesktopBridge } from "../contract/api/desktop.ts";

declare global {
  interface Window {
    /** Only in Electron's window: put there by the preload. */
    readonly ectopy?: DesktopBridge;
  }
}
