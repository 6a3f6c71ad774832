/**
 * Copies arguments into plain values: form values are Vue proxies, which neither channel can clone. They are small JSON
 * values.
 */
export function plainArguments(args: unknown): unknown {
  return JSON.parse(JSON.stringify(args)) as unknown;
}
