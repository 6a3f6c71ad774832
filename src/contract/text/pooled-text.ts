/** Text about results over the folds of a cross-validation, the same in the window and the terminal. */

/** Returns which folds are pooled: `3 folds`, `2 of 3 folds`. */
export function pooledFoldsText(pooled: number, folds: number): string {
  return pooled === folds ? `${folds} folds` : `${pooled} of ${folds} folds`;
}

/** What pooled metrics show. */
export const POOLED_NOTE =
  "The confusion matrices of the folds are added: each beat counts once and equally. A mean over folds weights each fold equally, so the two differ.";
