/** `verify` and `doctor`: check stored files and the workspace, and repair what can be repaired. */
import { Argument, type Command } from "commander";
import { EctopyError, errorCodes } from "../../../contract/domain/errors.ts";
import { formatBytes } from "../../../contract/text/format-bytes.ts";
import { storedKinds, type StoredKind, type WorkspaceHealth } from "../../../contract/domain/integrity.ts";
import { counted, formatDuration } from "../../../contract/text/format-number.ts";
import { wholeNumber } from "../arguments.ts";
import { formatTable } from "../format.ts";
import { withSession } from "../session.ts";

interface DoctorOptions {
  hashes?: boolean;
  repair?: boolean;
}

export function addDoctorCommands(program: Command): void {
  program
    .command("verify")
    .description("compare stored files with their stored hashes")
    .addArgument(new Argument("[kind]", "check only this kind").choices(storedKinds))
    .argument("[number]", "check only the item with this number", wholeNumber(1))
    .action(async (kind: StoredKind | undefined, id: number | undefined, _: object, command: Command) => {
      await withSession(command, "read", async ({ terminal, services: { verifier }, signal }) => {
        const chosen = verifier
          .items()
          .filter((item) => (kind ?? item.kind) === item.kind && (id ?? item.id) === item.id);
        if (chosen.length === 0 && id !== undefined) {
          throw new EctopyError(
            "not-found",
            `There is no stored item ${kind} ${id}.`,
            "`ectopy verify` lists all items.",
          );
        }
        const report = await verifier.verify(chosen, { progress: terminal.progress, signal });
        const damaged = report.items.filter(({ state }) => state === "damaged" || state === "missing").length;
        const rows = report.items.map(({ kind: of, id: number, state, bytes, damage }) => [
          of,
          String(number),
          state,
          formatBytes(bytes),
          damage.map(({ name, problem }) => `${name} (${problem})`).join(", "),
        ]);
        terminal.say(formatTable(["Kind", "Number>", "State", "Size>", "Files that differ"], rows));
        const found = damaged === 0 ? "nothing is damaged" : `${damaged} damaged or missing`;
        const read = `${formatBytes(report.bytes)} read in ${formatDuration(report.seconds)}`;
        terminal.say(`${counted(report.items.length, "folder")}, ${read}: ${found}.`);
        terminal.document(report);
        if (damaged > 0) process.exitCode = errorCodes["damaged-file"];
      });
    });

  program
    .command("doctor")
    .description(
      "check the workspace: database, backups, stored folders, space, access rights, location, leftovers; exit status 4 if a problem is found",
    )
    .option("--hashes", "also compare every stored file with its hash")
    .option("--repair", "repair all findings that can be repaired")
    .action(async ({ hashes = false, repair = false }: DoctorOptions, command: Command) => {
      await withSession(command, repair ? "write" : "read", async ({ terminal, services: { doctor }, signal }) => {
        if (repair) {
          const before = await doctor.check({ hashes, repair: false }, { progress: terminal.progress, signal });
          for (const { message, fix, repairable } of findingsOf(before))
            if (repairable) terminal.warn(`${message} ${fix}`);
        }
        const health = await doctor.check({ hashes, repair }, { progress: terminal.progress, signal });
        terminal.say(healthText(health));
        terminal.document(health);
        if (findingsOf(health).some(({ severity }) => severity === "problem")) {
          process.exitCode = errorCodes["damaged-file"];
        }
      });
    });
}

function findingsOf({ checks }: WorkspaceHealth) {
  return checks.flatMap(({ findings }) => findings);
}

function healthText(health: WorkspaceHealth): string {
  const lines = health.checks.flatMap(({ title, summary, findings }) => [
    `${findings.some(({ severity }) => severity === "problem") ? "✗" : findings.length > 0 ? "!" : "✓"} ${title}: ${summary}`,
    ...findings.flatMap(({ message, fix }) => [`    ${message}`, `    → ${fix}`]),
  ]);
  const repairable = findingsOf(health).filter((finding) => finding.repairable).length;
  if (repairable > 0) lines.push(`\`ectopy doctor --repair\` repairs ${counted(repairable, "finding")}.`);
  return lines.join("\n");
}
