/**
 * Returns an address without the slashes at its end, in linear time; a regular expression would try again from each
 * slash.
 */
export function withoutSlashes(address: string): string {
  let end = address.length;
  while (end > 0 && address[end - 1] === "/") end--;
  return address.slice(0, end);
}
