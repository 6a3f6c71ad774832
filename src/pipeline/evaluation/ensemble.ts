/** Ensembles: several networks of one preparation, whose probabilities are averaged. */

/**
 * Returns the mean of the members' probabilities, beats × classes: the ensemble's prediction. Sums are in float64, so that
 * the order of the members changes at most the last bit.
 * @param members probabilities of each member on the same beats
 * @throws RangeError without members, and where they have different lengths
 */
export function ensembleProbabilities(members: readonly Float32Array[]): Float32Array {
  const [first] = members;
  if (first === undefined) throw new RangeError("An ensemble needs at least one member.");
  if (members.some(({ length }) => length !== first.length)) {
    throw new RangeError("The members of an ensemble have predictions of different beats or classes.");
  }
  return Float32Array.from(first, (_, i) => members.reduce((sum, member) => sum + member[i], 0) / members.length);
}
