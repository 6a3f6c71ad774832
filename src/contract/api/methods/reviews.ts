/** Methods of reviews of recordings. */
import { z } from "zod";
import {
  editSchema,
  editedBeatsSchema,
  reviewerSchema,
  type EditAnswer,
  type OpenedReview,
  type ReviewOverview,
} from "../../domain/reviews.ts";
import type { BeatShapes } from "../../domain/beat-families.ts";
import { recordSchema, setNameSchema } from "../../domain/viewing.ts";
import { method, id, dataset, type StartedJob } from "./method.ts";

/** A recording in a reviewed set. */
const reviewSchema = recordSchema.extend({ set: setNameSchema });

export const reviewMethods = {
  /** Reviewed sets of a dataset, with their reviewers and recordings. */
  "reviews.list": method<ReviewOverview[]>()(dataset),
  /** Begins the review of a recording, or continues it. Returns the name of the reviewed set. */
  "reviews.begin": method<{ set: string }>()(
    recordSchema.extend({ from: setNameSchema, name: setNameSchema.optional() }),
  ),
  "reviews.open": method<OpenedReview>()(reviewSchema),
  /** Stores an edit before it answers; so do undo and redo, which are entries of the log, too. */
  "reviews.edit": method<EditAnswer>()(reviewSchema.extend({ edit: editSchema, reviewer: reviewerSchema })),
  "reviews.undo": method<EditAnswer>()(reviewSchema.extend({ reviewer: reviewerSchema })),
  "reviews.redo": method<EditAnswer>()(reviewSchema.extend({ reviewer: reviewerSchema })),
  /** Beats of a review by their shapes: families, and a map of beats. */
  "reviews.shapes": method<BeatShapes>()(reviewSchema),
  /** Splits beats into two by shape, and returns the smaller half; nothing is stored. */
  "reviews.split": method<{ beats: Int32Array }>()(reviewSchema.extend({ beats: editedBeatsSchema })),
  /** Fine-tunes a run on the reviewed beats, and labels the others. The job's subject is the run. */
  "reviews.learn": method<StartedJob>()(reviewSchema.extend({ run: id.optional(), reviewer: reviewerSchema })),
  /** Takes the labels of a fine-tuned run back, where they are still its labels. */
  "reviews.takeBack": method<EditAnswer>()(reviewSchema.extend({ entry: id, reviewer: reviewerSchema })),
  /** Sample of the R-peak next to a sample. */
  "reviews.peak": method<{ sample: number }>()(recordSchema.extend({ sample: z.int().min(0) })),
};
