/**
 * Functions of the app's window that a browser tab does not have; the preload script provides them as `window.ectopy`.
 */
import type { EventMessage } from "./events.ts";
import type { Reply } from "./messages.ts";
import type { MethodName } from "./method-names.ts";

/** Command of a menu entry or its shortcut to the page. */
export type MenuCommand = { go: string } | { import: "folder" | "file" };

/** Kind of path that the system's dialog selects; `file`: recordings or a ZIP file; `model`: a Keras model (.h5, .keras). */
export type ChoiceKind = "folder" | "file" | "model";

export interface DesktopBridge {
  /** One function for each method of the method map. */
  methods: Readonly<Record<MethodName, (args: unknown) => Promise<Reply>>>;
  /** Listens to all events. @returns a function that stops listening */
  onEvent(listener: (message: EventMessage) => void): () => void;
  onMenu(listener: (command: MenuCommand) => void): () => void;
  /** Opens the system's dialog. @returns the selected path; null after Cancel */
  choose(kind: ChoiceKind): Promise<string | null>;
  /**
   * Shows the files of an export in the system's file manager.
   * @param job number of the export's job; the main process knows its destination
   */
  openExport(job: number): Promise<Reply>;
  /** Returns the path of a dropped file or folder; empty for a file without a path. */
  pathOf(file: object): string;
}

/** IPC channels between the preload script and the main process. */
export const channels = {
  call: "ectopy:call",
  event: "ectopy:event",
  menu: "ectopy:menu",
  choose: "ectopy:choose",
  openExport: "ectopy:open-export",
} as const;
