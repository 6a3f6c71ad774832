/**
 * The method map: all methods of a shell, by subject in `methods/`. Handlers (src/main/api), the preload script and the renderer's clients
 * derive their types from it. Arguments are parsed by their schema where they arrive; answers are typed.
 *
 * Long work answers at once with a job, whose snapshots follow as events. Large arrays are typed arrays in both directions.
 */
import type { z } from "zod";
import type { MethodName } from "./method-names.ts";
import { machineMethods } from "./methods/machine.ts";
import { recordingMethods } from "./methods/recordings.ts";
import { reviewMethods } from "./methods/reviews.ts";
import { runMethods } from "./methods/runs.ts";
import { trainingMethods } from "./methods/training.ts";
import type { Method } from "./methods/method.ts";

export type { StartedJob } from "./methods/method.ts";

export const methods = {
  ...machineMethods,
  ...recordingMethods,
  ...reviewMethods,
  ...trainingMethods,
  ...runMethods,
} satisfies Record<MethodName, Method<z.ZodType, unknown>>;

type Methods = typeof methods;

/** Arguments of a caller, before parsing. */
export type Arguments<Name extends MethodName> = z.input<Methods[Name]["schema"]>;
/** Arguments of a handler, after parsing. */
export type CheckedArguments<Name extends MethodName> = z.output<Methods[Name]["schema"]>;
export type Answer<Name extends MethodName> = Exclude<Methods[Name]["answer"], undefined>;

/** `client.call("runs.get", { run: 1 })`: the same in the app's window, in a browser and in tests. */
export type Call = <Name extends MethodName>(name: Name, args: Arguments<Name>) => Promise<Answer<Name>>;
