import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { windowText } from "./window-text.ts";

/** Folders whose texts reach the window; those of the command line and of the server's start don't. */
const FOLDERS = [
  "contract",
  "pipeline",
  "engine",
  "main/base",
  "main/store",
  "main/workers",
  "main/services",
  "main/api",
];
const source = join(import.meta.dirname, "../..");
const COMMAND = /\bectopy [a-z]+\b|(?<![\w-])--[a-z][\w-]*/;
/** Commands of other programs: MLflow's server, git, the driver's program, the set-up. */
const OTHERS = /mlflow |--serve-artifacts|--allowed-hosts|--query-gpu|--format=csv|\["--yes"\]|--pack-destination/;

function textsWithCommands(): { place: string; text: string }[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(source, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !/\.test\.ts$|window-text/.test(file))
      .flatMap((file) =>
        readFileSync(join(source, folder, file), "utf8")
          .split("\n")
          .map((line, i) => ({ place: `${folder}/${file}:${i + 1}`, text: line.trim().replaceAll("\\`", "`") }))
          .filter(({ text }) => /["`]/.test(text) && !/^(\/\/|\*|\/\*)/.test(text))
          // A comment at the end of a line.
          .map(({ place, text }) => ({ place, text: text.replace(/\s\/\/ .*$/, "") }))
          .filter(({ text }) => COMMAND.test(text)),
      ),
  );
}

describe("texts that reach the window", () => {
  it("are found in the sources", () => {
    expect(textsWithCommands().length).toBeGreaterThan(20);
  });

  it("have no command and no option of the command line", () => {
    const left = textsWithCommands()
      .map(({ place, text }) => `${place}: ${windowText(text)}`)
      .filter((text) => COMMAND.test(text.replace(/^[^ ]+ /, "")) && !OTHERS.test(text));
    expect(left).toEqual([]);
  });

  it("name pages instead", () => {
    expect(windowText("`ectopy runs` lists the runs.")).toBe("The Runs page lists the runs.");
    expect(windowText("Lower the learning rate (--lr) or clip gradients (--clip).")).toBe(
      "Lower the learning rate or clip gradients.",
    );
    expect(windowText("Free some space, or choose another workspace (--workspace), and repeat the command: ok.")).toBe(
      "Free some space, or choose another workspace (Settings), and try again: ok.",
    );
  });
});
