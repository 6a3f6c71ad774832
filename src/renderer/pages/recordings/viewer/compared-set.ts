/** An annotation set that is shown beside another. */
import type { AnnotationColumns } from "../../../../contract/domain/viewing.ts";

export interface ComparedSet {
  name: string;
  annotations: AnnotationColumns;
  /** Times at which both sets disagree, in samples. */
  disagreements: Uint32Array;
  /** Whether the classes of the beats are compared, too. */
  labels: boolean;
}
