/** Keras' defaults of batch normalization. */
export const NORMALIZATION_MOMENTUM = 0.99;
export const NORMALIZATION_EPSILON = 1e-3;
