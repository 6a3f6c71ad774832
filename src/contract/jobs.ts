/** A job: work that takes longer than a click. Its snapshot is what the window and the terminal both show. */

export interface JobProgress {
  /** What is being done, in the user's words: `Reading recordings`. */
  stage: string;
  done: number;
  /** 0: not known. */
  total: number;
  /** What is counted: `records`, `beats`, `batches`. */
  unit: string;
  /** Figures worth showing beside the bar, already in words. */
  detail?: string;
}

/** Told how far the work is. Callers may be called often; receivers throttle. */
export type ReportProgress = (progress: JobProgress) => void;
