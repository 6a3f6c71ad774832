/** What answers each method of the map (src/contract/api/methods.ts). Thin: the work is the services'. */
import { aboutTheApp, jobHandlers } from "./app.ts";
import { datasetHandlers, downloadHandlers, recordingHandlers } from "./datasets.ts";
import { exportHandlers } from "./exports.ts";
import type { HandlerParts, Handlers } from "./handler-parts.ts";
import { preparationHandlers } from "./preparations.ts";
import { comparisonHandlers, experimentHandlers, runHandlers } from "./runs.ts";
import { modelHandlers, trainingHandlers } from "./training.ts";

export function createHandlers(parts: HandlerParts): Handlers {
  return {
    ...aboutTheApp(parts),
    ...jobHandlers(parts),
    ...datasetHandlers(parts),
    ...downloadHandlers(parts),
    ...recordingHandlers(parts),
    ...preparationHandlers(parts),
    ...modelHandlers(parts),
    ...trainingHandlers(parts),
    ...runHandlers(parts),
    ...experimentHandlers(parts),
    ...comparisonHandlers(parts),
    ...exportHandlers(parts),
  };
}
