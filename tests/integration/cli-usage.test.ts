/** Invalid command lines: refused in one sentence that names the help, without any effect. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { createProgram } from "../../src/main/cli/program.ts";
import {
  expectRefusal,
  runEctopy,
  runTogether,
  startEctopy,
  temporaryFolder,
  type CommandOptions,
  type Ended,
} from "../support/command-line.ts";
import { makeWorkspace, SAMPLE } from "../support/shared-workspaces.ts";

const folder = temporaryFolder();
const options: CommandOptions = { workspace: join(folder.path, "workspace") };
afterAll(folder.remove);

const program = createProgram();
const commands = [...program.commands, ...program.commands.flatMap((command) => command.commands)].map((command) => [
  ...(command.parent === program ? [] : [command.parent!.name()]),
  command.name(),
]);

describe.concurrent("help and version", () => {
  it.each([["--help"], ["-h"], ["help"]])("ectopy %s", async (...args) => {
    const { status, stdout, stderr } = await runEctopy(args, options);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: ectopy /);
    for (const command of program.commands) expect(stdout).toContain(`  ${command.name()} `);
    expect(stdout).toContain("Not a medical device.");
  });

  it("ectopy --version", async () => {
    expect(await runEctopy(["--version"], options)).toMatchObject({
      status: 0,
      stdout: `${packageJson.version}\n`,
      stderr: "",
    });
  });
});

describe("the help of", () => {
  let answers: Ended[];
  beforeAll(async () => {
    answers = await runTogether(
      commands.map((args) => [...args, "--help"]),
      options,
    );
  });

  it.each(commands.map((args, i) => [args.join(" "), i] as const))("ectopy %s --help", (name, i) => {
    const { status, stdout, stderr } = answers[i];
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^Usage: ectopy ${name}\\b`));
  });
});

describe("an invalid command line", () => {
  const invalid: [what: string, args: string[], message: RegExp][] = [
    ["an unknown command", ["trian"], /Unknown command 'trian'\.\n.*Did you mean train\?/],
    ["a missing argument", ["prepare"], /Missing required argument 'dataset'/],
    ["an argument too many", ["runs", "3"], /Too many arguments/],
    ["an unknown option", ["show", "1", "--jsno"], /Unknown option '--jsno'\.\n.*Did you mean --json\?/],
    ["an option without its value", ["train", "1", "--model"], /Option '--model <name>' argument missing/],
    ["a missing option", ["train", "1"], /Required option '--model <name>' not specified/],
    ["a word for a number", ["show", "first"], /'first'.*A whole number of at least 1 is needed/],
    ["a negative number", ["show", "--", "-1"], /'-1'.*A whole number of at least 1 is needed/],
    ["a number with an exponent", ["show", "1e3"], /'1e3'.*whole number/],
    ["a number too small", ["train", "1", "--model", "ann", "--epochs", "0"], /'0'.*from 1 to 100,000/],
    ["a number that is none", ["train", "1", "--model", "ann", "--lr", "fast"], /'fast'.*“fast” is not a number/],
    ["an infinite number", ["train", "1", "--model", "ann", "--lr", "Infinity"], /'Infinity'.*is not a number/],
    ["a learning rate", ["train", "1", "--model", "ann", "--lr", "99"], /'99'.*Enter a number above 0, at most 10/],
    ["a batch", ["train", "1", "--model", "ann", "--batch", "1000000"], /whole number from 1 to 65,536 \(beats\)/],
    ["thousands", ["train", "1", "--model", "ann", "--batch", "1,000"], /is ambiguous\. Write 1000/],
    ["a window", ["prepare", "1", "--before", "100000"], /number from 1 to 5,000 \(ms\)/],
    ["a seed of more than 32 bits", ["sample", "--seed", "4294967296"], /'4294967296'.*from 0 to 4,294,967,295/],
    [
      "a bad choice",
      ["train", "1", "--model", "transformer"],
      /no network “transformer”.*no preset \(ann, cnn, lstm, rhythm-and-shape, residual-cnn\), no file and no saved network/,
    ],
    ["fractions that don't add up to 1", ["prepare", "1", "--fractions", "0.5,0.2,0.2"], /sum 1/],
    ["no class map", ["prepare", "1", "--class-map", "ours"], /'ours'.*A class map is needed: mit-bih, aami/],
    ["a symbol in two classes", ["prepare", "1", "--class-map", "N=NV,V=V"], /A class map is needed: .*in two classes/],
    ["no recording names", ["prepare", "1", "--records", ","], /Names of recordings are needed/],
    ["a folder without a name", ["import", ""], /'path'\. The value is empty/],
    ["a workspace without a name", ["--workspace", "", "runs"], /'-w, --workspace <folder>'.*The value is empty/],
    [
      "several models for one file",
      ["export", "keras", "1", "2", "--to", "model.h5"],
      /is one file, but 2 runs are to be exported/,
    ],
  ];
  let answers: Ended[];
  beforeAll(async () => {
    answers = await runTogether(
      invalid.map(([, args]) => args),
      options,
    );
  });

  it.each(invalid.map(([what, , message], i) => [what, message, i] as const))("is refused: %s", (_, message, i) => {
    expectRefusal(answers[i], 2, message);
  });

  it("ends the process with the status of the refusal", async () => {
    const [, args, message] = invalid[0];
    expectRefusal(await runEctopy(args, options), 2, message);
  });

  it("names the help to read", async () => {
    const { stderr } = await runEctopy(["bench", "prepare"], options);
    expect(stderr).toContain("`ectopy bench prepare --help`");
  });

  it.each([[["runs", "--wat"]], [["wat"]], [[]]])("is one document with --json: ectopy %s", async (args) => {
    const { status, stdout, stderr } = await runEctopy(["--json", ...args], options);
    expect(status).toBe(2);
    const { error } = JSON.parse(stdout) as { error: Record<string, string> };
    expect(Object.keys(error)).toEqual(["code", "message", "fix"]);
    expect(error["code"]).toBe("usage");
    expect(stderr).toContain(`Error: ${error["message"]}\n  → ${error["fix"]}\n`);
  });

  it("shows the help for no command at all", async () => {
    const { status, stdout, stderr } = await runEctopy([], options);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^Usage: ectopy /);
    expect(stderr).toContain("Error: A command is missing.");
  });

  it("creates no workspace", () => {
    expect(existsSync(options.workspace)).toBe(false);
  });
});

describe("missing items", () => {
  const listings = [
    ["datasets", "There are no datasets yet."],
    ["preparations", "There are no preparations yet."],
    ["runs", "There are no runs yet."],
  ] as const;

  it.each(listings)("without a workspace, %s lists nothing and creates none", async (command, args) => {
    const [text, document] = await runTogether([[command], [command, "--json"]], options);
    expect(text).toMatchObject({ status: 0, stderr: "" });
    expect(text.stdout).toContain(args);
    expect(JSON.parse(document.stdout)).toEqual({ [command]: [] });
    expect(existsSync(options.workspace)).toBe(false);
  });

  it("without a workspace, a run is not found", async () => {
    expectRefusal(await runEctopy(["show", "1"], options), 3, /There is no workspace in .*workspace yet\./);
  });

  describe("in a workspace", () => {
    const used: CommandOptions = { workspace: join(folder.path, "used workspace") };
    beforeAll(async () => {
      await makeWorkspace(used.workspace, [SAMPLE]);
    });

    it.each([
      ["a dataset", ["prepare", "7"], "There is no dataset 7."],
      ["a preparation", ["train", "7", "--model", "ann"], "There is no preparation 7."],
      ["a run", ["show", "7"], "There is no run 7."],
    ])("refuse %s", async (_, args, sentence) => {
      const [text, document] = await runTogether([args, [...args, "--json"]], used);
      expectRefusal(text, 3, new RegExp(sentence));
      expect(document.status).toBe(3);
      expect(JSON.parse(document.stdout)).toMatchObject({ error: { code: "not-found", message: sentence } });
    });

    const invalid: [what: string, args: string[], status: number, message: RegExp][] = [
      ["a wavelet", ["prepare", "1", "--wavelet", "haar"], 5, /The setting wavelet is invalid: a Daubechies wavelet/],
      ["a record", ["prepare", "1", "--records", "s01,s99"], 3, /s99/],
    ];
    let answers: Ended[];
    beforeAll(async () => {
      answers = await runTogether(
        invalid.map(([, args]) => args),
        used,
      );
    });

    it.each(invalid.map(([what, , status, message], i) => [what, status, message, i] as const))(
      "refuse %s that is invalid",
      (_, status, message, i) => {
        expectRefusal(answers[i], status, message);
      },
    );

    it("is not changed by refused commands", async () => {
      const { stdout } = await runEctopy(["preparations", "--json"], used);
      expect(JSON.parse(stdout)).toEqual({ preparations: [] });
    });
  });
});

describe("standard output", () => {
  it("can be closed by a reader that stops early", async () => {
    const { child, ended } = startEctopy(["--help"], options);
    child.stdout!.destroy();
    expect(await ended).toMatchObject({ status: 0, stderr: "" });
  });

  it("reports a full disk", async (ctx) => {
    if (!existsSync("/dev/full")) ctx.skip("/dev/full exists on Linux only");
    const within = ["sh", "-c", 'exec "$@" > /dev/full', "sh"];
    expectRefusal(await runEctopy(["runs"], { ...options, within }), 6, /No space is left to write standard output/);
  });
});
