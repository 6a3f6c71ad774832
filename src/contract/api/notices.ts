/** Notices that are shown beside every result. */

/** Notice on an imported model, which is only evaluated. */
export const TRAINED_ELSEWHERE =
  "The model was trained elsewhere and is only tested here. Its training data are unknown: they may include the test patients.";

export const RESEARCH_USE_ONLY = "For research use only. Not a medical device.";
