/** Names of weights in a .keras archive. Source: `keras/src/saving/saving_lib.py`. */

/** Returns a class's name in the archive: `Conv1D` is `conv1d`, `LeakyReLU` is `leaky_re_lu`. */
export function snakeCase(className: string): string {
  return className
    .replaceAll(/\W+/g, "")
    .replaceAll(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

/** Weights of each direction of a recurrent layer. */
const CELL_WEIGHTS = 3;

/** Returns the place of a layer's weight below the layer's group. @param index number in Keras' order */
export function weightPath(className: string, index: number): string {
  if (className === "Bidirectional") {
    const side = index < CELL_WEIGHTS ? "forward_layer" : "backward_layer";
    return `${side}/cell/vars/${index % CELL_WEIGHTS}`;
  }
  return className === "LSTM" || className === "GRU" ? `cell/vars/${index}` : `vars/${index}`;
}
