/**
 * Errors and warnings say what to do in the words of the command line, which is where most of them are read first. This file has their
 * words for the window: pages and buttons instead of commands and options. Its test finds every text that lacks one.
 */

type Replacement = readonly [of: string | RegExp, by: string];

const replacements: readonly Replacement[] = [
  // Commands.
  [/`ectopy datasets` lists the datasets\./g, "The Home page lists the datasets."],
  [/`ectopy preparations` lists the preparations\./g, "The Preparation page lists the preparations."],
  [
    /`ectopy sets [^`]+` lists (?:its annotation sets|the annotation sets of a dataset)\./g,
    "The dataset's page of annotations lists them.",
  ],
  [/`ectopy runs` lists the runs\./g, "The Runs page lists the runs."],
  [/`ectopy experiments` lists the experiments\./g, "The Experiments page lists the experiments."],
  [
    /`ectopy preparations` lists them; `ectopy prepare DATASET` makes one\./g,
    "The Preparation page lists them, and makes one.",
  ],
  [/`ectopy runs` shows its state\./g, "The Runs page shows its state."],
  [/; `ectopy verify` lists damaged items\./g, "; the workspace check in Settings lists damaged items."],
  [/Run `ectopy doctor`: it lists/g, "Check the workspace in Settings: the check lists"],
  [/ \(`ectopy log`\)/g, " (Settings)"],
  [/; `ectopy network FILE --window [^`]+` shows the network layer by layer\./g, "."],
  [/`ectopy network --help` describes the format\./g, "A network that the Model page exports is an example."],
  [/`ectopy train --help` lists the values of each setting\./g, "The fields of the Model page say what is allowed."],
  [/`ectopy \S+ --help` describes the settings\./g, "Change the setting, and try again."],
  [/Use the names of `ectopy show RUN --json`, and for layers their names: \S+?\.(?=\W*$)/g, "Choose another setting."],
  [/`ectopy sample` or `ectopy import FOLDER` creates one/g, "An import creates one"],
  [/Run any command that writes once, such as `ectopy import`\./g, "Restart Ectopy."],
  [/Run any command that writes, such as `ectopy import`: it/g, "Restart Ectopy: it"],
  [/, and repeat the command/g, ", and try again"],
  [/Run `ectopy doctor --repair`, then/g, "Repair the workspace in Settings, then"],
  [/`ectopy device --install cuda`/g, "Install TensorFlow, in Settings,"],
  // Options.
  [/ \(--accept-differences\)/g, ""],
  [/--classes (?=\S)/g, ""],
  [/ \(Settings, or --workspace\)/g, " (Settings)"],
  [/; --workspace chooses another/g, "; Settings choose another"],
  [/ with --workspace/g, " in Settings"],
  [/ \(--workspace\)/g, " (Settings)"],
  [/another name with --experiment/g, "another MLflow experiment name"],
  [/name a new experiment with --experiment/g, "name a new MLflow experiment"],
  [/ \(--user, --password, --token, or [A-Z_, ]+\)/g, ""],
  [/; --records selects them/g, "; the preparation's advanced settings select them"],
  [/ \(--(?:backend|precision|batch|lr|clip|balancing)(?: [^)]+)?\)/g, ""],
];

/** Returns a text about an error or a warning in the words of the window. */
export function windowText(text: string): string {
  return replacements.reduce((now, [of, by]) => now.replaceAll(of, by), text);
}
