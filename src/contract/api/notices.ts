/** Sentences that stand wherever a result does. */

/** Of a model that was trained elsewhere and is only tested here. */
export const TRAINED_ELSEWHERE =
  "The model was trained elsewhere and is only tested here: what it was trained on is not known, and whether it has seen the test patients is for whoever trained it to say.";

export const RESEARCH_USE_ONLY = "For research use only. Not a medical device.";
