/** `serve`: the app in a browser tab. The server is loaded on demand, so that the other commands start without it. */
import type { Command } from "commander";
import { dirname, join } from "node:path";
import { beforeCrash } from "../../base/crash.ts";
import { hasDisplay } from "../../base/display.mjs";
import { logFolder } from "../../base/log.ts";
import { onStopSignals } from "../../base/stop-signals.ts";
import { rendererFolder } from "../../entry-points.ts";
import type { Serving } from "../../server/serve.ts";
import { PreferenceStore } from "../../store/preferences.ts";
import { nonEmpty, wholeNumber } from "../arguments.ts";
import { printable } from "../format.ts";
import { workspaceFolder } from "../session.ts";
import { terminalOf } from "../terminal.ts";

/** Lifetime of the printed address where no browser is opened: it is the only way in, and may be used hours later. */
const ONLY_ADDRESS_LIFETIME_MS = 24 * 3_600_000;

interface Options {
  port?: number;
  host: string;
  open: boolean;
}

export function addServeCommand(program: Command): void {
  program
    .command("serve")
    .description("open Ectopy in a browser tab")
    .option(
      "--port <n>",
      "port to listen on; 0: any free port (default: 4680, else any free port)",
      wholeNumber(0, 65_535),
    )
    .option(
      "--host <address>",
      "address to listen on; an address other than loopback lets other machines connect",
      nonEmpty,
      "127.0.0.1",
    )
    .option("--no-open", "don't open the browser")
    .action(async ({ port, host: address, open }: Options, command: Command) => {
      const [{ createHost }, { isLoopback }, { serve }, { SessionStore }, { openBrowser }] = await Promise.all([
        import("../../api/host.ts"),
        import("../../server/access.ts"),
        import("../../server/serve.ts"),
        import("../../server/sessions.ts"),
        import("../../server/browser.ts"),
      ]);
      const terminal = terminalOf(command);
      const preferences = new PreferenceStore();
      const host = createHost(workspaceFolder(command), preferences, terminal.warn);
      let serving: Serving | undefined;
      const dutyDone = beforeCrash({
        logs: logFolder(host.workspace.folder),
        tell: (message) => host.events.emit("notice", { message }),
        close: async () => void (await Promise.all([serving?.close(), host.close()])),
      });
      const opens = open && hasDisplay();
      try {
        serving = await serve({
          host,
          address,
          port,
          sessions: new SessionStore(join(dirname(preferences.path), "sessions.json")),
          pages: rendererFolder(),
          ...(opens ? {} : { firstTokenLifetime: ONLY_ADDRESS_LIFETIME_MS }),
          log: (trace) => void process.stderr.write(`${printable(trace)}\n`),
        });
        const stopped = new Promise((resolve) => onStopSignals(resolve));
        terminal.say(`Ectopy is at ${serving.url}`);
        terminal.document({ url: serving.url, port: serving.port, workspace: host.workspace.folder });
        if (!isLoopback(address)) terminal.warn(exposureWarning(serving.port));
        terminal.warn(
          "The address signs in one browser, once; the app's Settings show another. Keep it secret. Press Ctrl-C to end Ectopy.",
        );
        if (opens) await openBrowser(serving.newAddress, terminal.warn);
        await stopped;
        terminal.warn("Ending; stored data is kept. Press Ctrl-C again to end at once.");
        await serving.close();
      } finally {
        await host.close();
        dutyDone();
      }
    });
}

function exposureWarning(port: number): string {
  return (
    "Every machine that reaches this address can connect; only the printed address with its token signs in. The " +
    "connection is not encrypted: anyone on the network path can read it. If possible, listen on 127.0.0.1 and connect " +
    `through SSH: ssh -L ${port}:127.0.0.1:${port} THIS-MACHINE.`
  );
}
