/** Installs the example shell. A module by itself: imports run before the code of the module that imports them. */
import { createExampleShell, installShell } from "../../testing/example-shell.ts";
import { galleryAnswers } from "./gallery-answers.ts";

installShell(createExampleShell(galleryAnswers));
