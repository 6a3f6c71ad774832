/** Input of a person: addresses of the pages, searches, arguments of the command line. */
import { trainingSettingTable } from "../../../../src/contract/settings/setting-table.ts";
import { InvalidArgumentError } from "commander";
import { EctopyError } from "../../../../src/contract/domain/errors.ts";
import * as cli from "../../../../src/main/cli/arguments.ts";
import { beatsFromAddress } from "../../../../src/renderer/base/beats-address.ts";
import { parseClock } from "../../../../src/renderer/base/record-time.ts";
import { timeForAddress, timeFromAddress } from "../../../../src/renderer/base/recording-address.ts";
import { baselineOf, runsOf } from "../../../../src/renderer/pages/compare/addresses.ts";
import { parseFilter } from "../../../../src/renderer/pages/runs/filter-runs.ts";
import { parseTags } from "../../../../src/renderer/pages/runs/tags.ts";
import { check, checkFinite, MANY_INPUTS, utf8, utf8Text, type Input, type Target } from "../target.ts";

/** The query of an address, and the text of a field. */
export const pageQueriesTarget: Target = {
  name: "page-queries",
  inputs: MANY_INPUTS,
  parts: { query: "text" },
  tokens: [
    "t=",
    "runs=",
    "against=",
    "beat=",
    "order=",
    "truth=",
    "predicted=",
    "&",
    ",",
    "least-confident",
    "%",
    "+",
    "1e3",
    "tag:",
    ">=",
    '"',
  ],
  examples: () =>
    [
      "t=12.345",
      "runs=3,1,7&against=7",
      "truth=N&predicted=V&order=least-confident&beat=40",
      '1:02:03.5, macrof1>90 "left bundle" tag:final',
    ].map((text): Input => [utf8(text)]),
  open: () => ({
    read([bytes]) {
      const text = utf8Text(bytes);
      const query = Object.fromEntries(new URLSearchParams(text));
      const time = timeFromAddress(query["t"]);
      if (time !== null) {
        checkFinite("the time", [time]);
        check(time >= 0, "a time before the record");
        check(timeFromAddress(timeForAddress(time)) !== null, `the time ${time} can't be kept in an address`);
      }
      const runs = runsOf(query);
      check(runs.every(Number.isSafeInteger), `the runs ${runs.join()}`);
      const baseline = baselineOf(query, runs);
      check(baseline === null || runs.includes(baseline), "a baseline that is not compared");
      const { beat, truth } = beatsFromAddress(query, ["N", "V"]);
      check(
        Number.isSafeInteger(beat) && (truth === null || ["N", "V"].includes(truth)),
        "a beat or class that is none",
      );
      const clock = parseClock(text);
      if (clock !== null) checkFinite("the time", [clock]);
      parseFilter(text);
      check(!parseTags(text).includes(""), "an empty tag");
    },
  }),
};

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  whole: cli.wholeNumber(1),
  seed: cli.seedNumber,
  positive: cli.numberOf(trainingSettingTable.learningRate),
  fraction: cli.numberOf(trainingSettingTable["optimizer.momentum"]),
  fractions: cli.fractions,
  fold: cli.foldNumber,
  records: cli.recordingNames,
  labels: cli.classMap,
  text: cli.nonEmpty,
};

/** Arguments of the command line: the option, then its text. */
export const argumentsTarget: Target = {
  name: "cli-arguments",
  inputs: MANY_INPUTS,
  parts: { argument: "text" },
  tokens: [
    ...Object.keys(readers),
    "=",
    ",",
    "/",
    "N=NLR",
    "V=VE",
    "mit-bih",
    "1e3",
    "0x10",
    " ",
    "toString=N",
    "__proto__=V",
  ],
  examples: () =>
    [
      ...[
        "whole 12",
        "seed 4294967295",
        "positive 1e-4",
        "fraction 0.5",
        "fractions 0.6,0.2,0.2",
        "fold 2/5",
        "records 100,101",
      ],
      ...["labels N=NLRej,V=VE", "labels aami", "text a name"],
    ].map((text): Input => [utf8(text)]),
  open: () => ({
    read([bytes]) {
      const [, name, text] = /^(\w+) (.*)$/s.exec(utf8Text(bytes)) ?? [];
      if (name === undefined || !Object.hasOwn(readers, name))
        throw new EctopyError("usage", "no such argument", "none");
      try {
        const value = readers[name](text);
        if (typeof value === "number") checkFinite(name, [value]);
        if (name === "fractions") checkFinite(name, value as number[]);
      } catch (error) {
        // Commander shows it with the option's name.
        if (error instanceof InvalidArgumentError) throw new EctopyError("usage", error.message, "none");
        throw error;
      }
    },
  }),
};
