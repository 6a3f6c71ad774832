/** Arguments as they can travel: a form's values are Vue's proxies, which no carrier can clone. They are small and plain. */
export function plainArguments(args: unknown): unknown {
  return JSON.parse(JSON.stringify(args)) as unknown;
}
