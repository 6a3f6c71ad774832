/** Text about the shapes of beats, the same in the window and the terminal. */

/** Returns the unit of a preparation's samples. */
export function beatUnits({
  normalisation,
  recipe,
  rowSamples,
}: {
  normalisation: string;
  recipe?: object | undefined;
  rowSamples?: number | undefined;
}): string {
  // The recipe divides each lead by the amplitude of the recording's median beat.
  if (recipe !== undefined) return "amplitudes";
  if (normalisation !== "none") return "SD";
  return rowSamples === undefined ? "mV" : "as in the table";
}

/** Returns what the distances of confused beats mean. @param units of {@link beatUnits} */
export function distanceNote(units: string): string {
  const unit =
    units === "amplitudes"
      ? "amplitudes of the recording's median beat"
      : units === "as in the table"
        ? "the table's units"
        : units;
  return `Distance: root mean square of the differences from a class's mean beat, over all samples and leads, in ${unit}. The closest beats are those with the smallest distance from the predicted class. A mean of several patients may look like no beat of any.`;
}
