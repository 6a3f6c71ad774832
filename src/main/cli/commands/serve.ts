/** `serve`: the app in a browser tab. What it needs is loaded only when it is asked for: the other commands start without it. */
import type { Command } from "commander";
import { dirname, join } from "node:path";
import { beforeCrash } from "../../base/crash.ts";
import { logFolder } from "../../base/log.ts";
import { onStopSignals } from "../../base/stop-signals.ts";
import { rendererFolder } from "../../entry-points.ts";
import type { Serving } from "../../server/serve.ts";
import { PreferenceStore } from "../../store/preferences.ts";
import { nonEmpty, wholeNumber } from "../arguments.ts";
import { printable } from "../format.ts";
import { terminalOf, workspaceFolder } from "../session.ts";

/** Where no browser is opened, the printed address is the only way in: it must last until somebody comes to it. */
const ONLY_ADDRESS_LIFETIME_MS = 24 * 3_600_000;

interface Options {
  port?: number;
  host: string;
  open: boolean;
}

export function addServeCommand(program: Command): void {
  program
    .command("serve")
    .description("show Ectopy in a browser tab, on this machine")
    .option(
      "--port <n>",
      "port to listen on; 0: any that is free (default: 4680, or any that is free)",
      wholeNumber(0, 65_535),
    )
    .option(
      "--host <address>",
      "address to listen on; others than this machine's own let others in",
      nonEmpty,
      "127.0.0.1",
    )
    .option("--no-open", "don't open the browser")
    .action(async ({ port, host: address, open }: Options, command: Command) => {
      const [{ createHost }, { isLoopback }, { serve }, { SessionStore }, { hasDisplay, openBrowser }] =
        await Promise.all([
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
        if (!isLoopback(address)) terminal.warn(openToOthers(serving.port));
        terminal.warn(
          "The address lets one browser in, once; the page's Settings offer another. Keep it to yourself. Ctrl-C ends Ectopy.",
        );
        if (opens) await openBrowser(serving.newAddress, terminal.warn);
        await stopped;
        terminal.warn("Ending; what is stored stays. Press Ctrl-C again to end at once.");
        await serving.close();
      } finally {
        await host.close();
        dutyDone();
      }
    });
}

function openToOthers(port: number): string {
  return (
    "Every machine that reaches this address can ask for Ectopy; only the printed address with its token is let in. The " +
    "connection is not encrypted: whoever listens on the way can read it. Where you can, listen on 127.0.0.1 and reach it " +
    `through SSH: ssh -L ${port}:127.0.0.1:${port} THIS-MACHINE.`
  );
}
