/** The bridge between the window and main: named methods only. There is one so far. */
import { contextBridge } from "electron";

contextBridge.exposeInMainWorld("ectopy", { platform: process.platform });
