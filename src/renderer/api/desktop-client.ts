/** The client in Electron's window: one function of the preload for each method. */
import type { Client, Connection } from "../../contract/api/client.ts";
import type { DesktopBridge } from "../../contract/api/desktop.ts";
import { errorFromReport } from "../../contract/domain/errors.ts";
import type { Answer, Arguments } from "../../contract/api/methods.ts";
import type { MethodName } from "../../contract/api/method-names.ts";
import { Listeners } from "./listeners.ts";
import { plainArguments } from "./plain-arguments.ts";

export function createDesktopClient(bridge: DesktopBridge, onConnection: (state: Connection) => void): Client {
  const listeners = new Listeners();
  bridge.onEvent((message) => listeners.emit(message));
  onConnection("connected");
  return {
    call: async <Name extends MethodName>(name: Name, args: Arguments<Name>): Promise<Answer<Name>> => {
      const reply = await bridge.methods[name](plainArguments(args));
      if (!reply.ok) throw errorFromReport(reply.error);
      return reply.value as Answer<Name>;
    },
    on: (name, listener) => listeners.add(name, listener),
  };
}
