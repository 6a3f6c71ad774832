/// <reference types="vite/client" />

import type { DesktopBridge } from "../contract/api/desktop.ts";

declare global {
  interface Window {
    /** Set by the preload, in Electron's window only. */
    readonly ectopy?: DesktopBridge;
  }
}
