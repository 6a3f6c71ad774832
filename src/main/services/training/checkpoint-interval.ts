/** Default interval between checkpoints, in seconds. */
export const CHECKPOINT_EVERY = 60;
