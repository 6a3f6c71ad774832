/** Returns an address without the slashes at its end, in time that grows with their number: a pattern tries again from each slash. */
export function withoutSlashes(address: string): string {
  let end = address.length;
  while (end > 0 && address[end - 1] === "/") end--;
  return address.slice(0, end);
}
