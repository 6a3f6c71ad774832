/** What Node says of a connection that failed, in words: its own error says "fetch failed" alone. */
const distrusted = "this machine does not trust its certificate";
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing answers there",
  ENOTFOUND: "no machine has that name",
  EAI_AGAIN: "the name could not be looked up",
  ECONNRESET: "it broke off",
  UND_ERR_SOCKET: "it broke off",
  EHOSTUNREACH: "no way leads there",
  ENETUNREACH: "no way leads there",
  ETIMEDOUT: "it took too long to answer",
  UND_ERR_CONNECT_TIMEOUT: "it took too long to answer",
  // As where a hospital's network looks into what passes.
  SELF_SIGNED_CERT_IN_CHAIN: distrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: distrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: distrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: distrusted,
  CERT_HAS_EXPIRED: distrusted,
};

/** @param error as `fetch` throws it */
export function networkReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return reasons[code] ?? (code === "" ? "the connection failed" : `the connection failed (${code})`);
}
