/** Options of every command that imports recordings: whether header comments and notes are excluded. */
import { Option, type Command } from "commander";
import { PreferenceStore } from "../store/preferences.ts";
import type { Terminal } from "./terminal.ts";

export interface CommentsChoice {
  withoutComments?: true;
  withComments?: true;
}

export function addCommentsOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--without-comments",
        "exclude header comments and notes, which may contain patients' names (docs/privacy.md lists what is excluded; default: the app's setting)",
      ).conflicts("withComments"),
    )
    .addOption(new Option("--with-comments", "include header comments and notes (default: the app's setting)"));
}

/** Returns whether comments are excluded: by the option, else by the app's setting, which the window changes. */
export function excludesComments({ withoutComments, withComments }: CommentsChoice, terminal: Terminal): boolean {
  if (withoutComments === true) return true;
  if (withComments === true || !new PreferenceStore().read().withoutComments) return false;
  terminal.say("Header comments and notes are excluded, as set in the app. --with-comments includes them.");
  return true;
}
