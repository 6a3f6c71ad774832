/**
 * Failures of connections as text: which of the proxy, the host's name, the certificate and the server failed. Node's
 * error codes decide, since the messages of its errors name addresses and ports alone.
 */

/** What failed. */
export type FailedPart = "proxy" | "name" | "certificate" | "connection";

/** A request got no answer. */
export class NetworkFailure extends Error {
  override readonly name = "NetworkFailure";
  readonly part: FailedPart;
  /** What the user can check; empty where that is the network alone. */
  readonly hint: string;

  /** @param message a clause, such as "the connection was refused" */
  constructor(part: FailedPart, message: string, hint = "") {
    super(message);
    this.part = part;
    this.hint = hint;
  }
}

const PROXY_HINT =
  "If this network reaches the internet through a proxy, set HTTPS_PROXY to its address, such as http://proxy.example:3128.";
const CERTIFICATE_HINT =
  "If this network inspects encrypted traffic, ask its administrator for the certificate authority's file, and choose that file in Settings or name it in NODE_EXTRA_CA_CERTS.";

const nameReasons: Readonly<Record<string, string>> = {
  ENOTFOUND: "this machine does not find the host's name",
  EAI_AGAIN: "this machine can't look up the host's name now",
};
const connectionReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was closed",
  EPIPE: "the connection was closed",
  EHOSTUNREACH: "the host is unreachable",
  ENETUNREACH: "the network is unreachable",
  ETIMEDOUT: "the connection timed out",
};
/** Authorities that this machine lacks: also in hospital networks that inspect encrypted traffic. */
const authorityCodes = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "CERT_UNTRUSTED",
  "CERT_SIGNATURE_FAILURE",
]);
const certificateReasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "its certificate has expired",
  CERT_NOT_YET_VALID: "its certificate is not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
};

/** Returns the failure of an error that Node's `http`, `https`, `net` or `tls` gave. */
export function failureOf(error: unknown, direct: boolean): NetworkFailure {
  if (error instanceof NetworkFailure) return error;
  const code = codeOf(error);
  if (code in nameReasons) return new NetworkFailure("name", nameReasons[code], direct ? PROXY_HINT : "");
  if (authorityCodes.has(code)) {
    return new NetworkFailure("certificate", "this machine does not trust its certificate", CERTIFICATE_HINT);
  }
  if (code in certificateReasons) {
    return new NetworkFailure("certificate", certificateReasons[code], "Check the date and time of this machine.");
  }
  const reason = connectionReasons[code] ?? (code === "" ? "the connection failed" : `the connection failed (${code})`);
  return new NetworkFailure("connection", reason, direct ? PROXY_HINT : "");
}

/** Returns the failure of the connection to a proxy. @param proxy its host and port */
export function proxyFailureOf(error: unknown, proxy: string): NetworkFailure {
  if (error instanceof NetworkFailure && error.part === "proxy") return error;
  const { message } = failureOf(error, false);
  return new NetworkFailure("proxy", `the proxy ${proxy} did not answer: ${message}`, CHECK_PROXY);
}

/** Returns the failure of a proxy that answered, and did not connect. */
export function refusedByProxy(proxy: string, status: number): NetworkFailure {
  if (status === 407) {
    return new NetworkFailure(
      "proxy",
      `the proxy ${proxy} asks for a user and password`,
      "Write them into HTTPS_PROXY, such as http://user:password@proxy.example:3128.",
    );
  }
  if (status >= 500) {
    return new NetworkFailure("proxy", `the proxy ${proxy} does not reach the server (status ${status})`, CHECK_PROXY);
  }
  return new NetworkFailure(
    "proxy",
    `the proxy ${proxy} does not allow the connection (status ${status})`,
    "Ask the network's administrator to allow it.",
  );
}

const CHECK_PROXY = "Check the proxy's address in HTTPS_PROXY or in the system's network settings.";

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  // Several addresses of one name were tried: the first error stands for all.
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if ("code" in error && typeof error.code === "string") return error.code;
  return error.cause === undefined ? "" : codeOf(error.cause);
}
