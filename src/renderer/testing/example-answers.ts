/**
 * What the example shell answers where nobody says otherwise: default settings, and a workspace without jobs or runs.
 */
import { settingsSchema } from "../../contract/settings/app-settings.ts";
import type { ExampleAnswers } from "./example-shell.ts";

export const exampleAnswers: ExampleAnswers = {
  "settings.get": () => settingsSchema.parse({}),
  "jobs.list": () => [],
  "runs.list": () => [],
  "training.queue": () => ({ current: null, progress: null, evaluating: null, blocked: null, waiting: [] }),
};
