/** What commander refuses, as the catalogue's error: one sentence, and which help to read. */
import type { Command, CommanderError } from "commander";
import { EctopyError } from "../../contract/domain/errors.ts";

/** @param command the one that the user was writing: its help is the one to read */
export function usageError(command: Command, { code, message }: CommanderError): EctopyError {
  const help = `\`${fullName(command)} --help\` lists what there is.`;
  // `ectopy` alone: commander has printed its help.
  if (code === "commander.help") return new EctopyError("usage", "A command is missing.", help);
  const [first = "", suggestion = ""] = message.replace(/^error: /, "").split("\n");
  const sentence = first.charAt(0).toUpperCase() + first.slice(1) + (first.endsWith(".") ? "" : ".");
  return new EctopyError("usage", sentence, suggestion === "" ? help : `${suggestion.slice(1, -1)} ${help}`);
}

/** `ectopy bench prepare` */
function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}
