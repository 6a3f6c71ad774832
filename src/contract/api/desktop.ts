/** What the window has beyond the contract, and a browser tab has not: the preload puts it there as `window.ectopy`. */
import type { EventMessage } from "./events.ts";
import type { Reply } from "./messages.ts";
import type { MethodName } from "./method-names.ts";

/** What a menu entry or its shortcut asks of the page. */
export type MenuCommand = { go: string } | { import: "folder" | "zip" };

/** What the system's own dialog is asked for; `model`: a Keras model (.h5). */
export type ChoiceKind = "folder" | "zip" | "model";

export interface DesktopBridge {
  /** One function for each method of the map, and no other. */
  methods: Readonly<Record<MethodName, (args: unknown) => Promise<Reply>>>;
  /** @returns ends it */
  onEvent(listener: (message: EventMessage) => void): () => void;
  onMenu(listener: (command: MenuCommand) => void): () => void;
  /** The system's own dialog; null where none was chosen. */
  choose(kind: ChoiceKind): Promise<string | null>;
  /** Where a dropped file or folder lies; empty for one that lies nowhere. */
  pathOf(file: object): string;
}

/** Channels between preload and main. */
export const channels = {
  call: "ectopy:call",
  event: "ectopy:event",
  menu: "ectopy:menu",
  choose: "ectopy:choose",
} as const;
