/** The bridge between the page and the main process: one function for each method of the method map, and the events. */
import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from "electron";
import { channels, type DesktopBridge, type MenuCommand } from "../contract/api/desktop.ts";
import type { EventMessage } from "../contract/api/events.ts";
import type { Reply } from "../contract/api/messages.ts";
import { methodNames } from "../contract/api/method-names.ts";

const call = (name: string) => (args: unknown) => ipcRenderer.invoke(channels.call, name, args) as Promise<Reply>;

function listen<Message>(channel: string, listener: (message: Message) => void): () => void {
  // The IPC event is not passed on: it has objects that the page must not access.
  const receive = (_event: IpcRendererEvent, message: Message): void => listener(message);
  ipcRenderer.on(channel, receive);
  return () => void ipcRenderer.off(channel, receive);
}

const bridge: DesktopBridge = {
  methods: Object.fromEntries(methodNames.map((name) => [name, call(name)])) as DesktopBridge["methods"],
  onEvent: (listener) => listen<EventMessage>(channels.event, listener),
  onMenu: (listener) => listen<MenuCommand>(channels.menu, listener),
  choose: async (kind) => {
    const reply = (await ipcRenderer.invoke(channels.choose, kind)) as Reply;
    return reply.ok && typeof reply.value === "string" ? reply.value : null;
  },
  openExport: (job) => ipcRenderer.invoke(channels.openExport, job) as Promise<Reply>,
  pathOf: (file) => webUtils.getPathForFile(file as File),
};

contextBridge.exposeInMainWorld("ectopy", bridge);
