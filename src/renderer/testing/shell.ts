/** The example shell of a component test: `shell.answer({ "files.list": () => … })`, `shell.calls`. */
import { exampleAnswers } from "./example-answers.ts";
import { createExampleShell } from "./example-shell.ts";

export const shell = createExampleShell(exampleAnswers);
