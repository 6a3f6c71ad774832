/**
 * Connects the page to its shell: through the preload in Electron's window, else through a WebSocket. All screens share
 * it.
 */
import { computed, readonly, shallowRef, type Ref } from "vue";
import type { Client, Connection } from "../../contract/api/client.ts";
import { createDesktopClient } from "./desktop-client.ts";
import { createSocketClient } from "./socket-client.ts";

const connection = shallowRef<Connection>("connecting");
const bridge = window.ectopy;

/** `client.call("runs.list", {})`; rejects with an EctopyError that explains the fix. */
export const client: Client = bridge
  ? createDesktopClient(bridge, (state) => (connection.value = state))
  : createSocketClient(new URL("/socket", window.location.href), (state) => (connection.value = state));

/** Whether this is Electron's window. */
export const isDesktop = bridge !== undefined;

export function useConnection(): { connection: Readonly<Ref<Connection>>; connected: Readonly<Ref<boolean>> } {
  return { connection: readonly(connection), connected: computed(() => connection.value === "connected") };
}
