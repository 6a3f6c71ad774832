/**
 * Puts together the handlers of the method map (src/contract/api/methods.ts). Handlers are thin: services do the work.
 */
import { appHandlers, jobHandlers } from "./app.ts";
import { clusterHandlers, executorHandlers } from "./cluster.ts";
import { annotationSetHandlers } from "./annotation-sets.ts";
import { classificationHandlers } from "./classification.ts";
import { datasetHandlers, downloadHandlers, recordingHandlers } from "./datasets.ts";
import { exportHandlers } from "./exports.ts";
import type { HandlerContext, Handlers } from "./handler-context.ts";
import { reviewHandlers } from "./reviews.ts";
import { preparationHandlers } from "./preparations.ts";
import { comparisonHandlers, experimentHandlers, runHandlers } from "./runs.ts";
import { modelHandlers, networkHandlers, trainingHandlers } from "./training.ts";

export function createHandlers(context: HandlerContext): Handlers {
  return {
    ...appHandlers(context),
    ...jobHandlers(context),
    ...datasetHandlers(context),
    ...downloadHandlers(context),
    ...recordingHandlers(context),
    ...annotationSetHandlers(context),
    ...classificationHandlers(context),
    ...reviewHandlers(context),
    ...preparationHandlers(context),
    ...networkHandlers(context),
    ...modelHandlers(context),
    ...trainingHandlers(context),
    ...runHandlers(context),
    ...experimentHandlers(context),
    ...executorHandlers(context),
    ...clusterHandlers(context),
    ...comparisonHandlers(context),
    ...exportHandlers(context),
  };
}
