/** Sentences that stand wherever a result does. */

export const RESEARCH_USE_ONLY = "For research use only. Not a medical device.";
