/** Converts a usage error of commander into an EctopyError: one sentence, and which help to read. */
import type { Command, CommanderError } from "commander";
import { EctopyError } from "../../contract/domain/errors.ts";

/** @param command the command that the user wrote; the error names its help */
export function usageError(command: Command, { code, message }: CommanderError): EctopyError {
  const help = `\`${fullName(command)} --help\` lists commands and options.`;
  // For `ectopy` alone, commander has printed the help already.
  if (code === "commander.help") return new EctopyError("usage", "A command is missing.", help);
  const [first = "", suggestion = ""] = message.replace(/^error: /, "").split("\n");
  const sentence = first.charAt(0).toUpperCase() + first.slice(1) + (first.endsWith(".") ? "" : ".");
  return new EctopyError("usage", sentence, suggestion === "" ? help : `${suggestion.slice(1, -1)} ${help}`);
}

/** Returns the full name of a command: `ectopy bench prepare`. */
function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}
