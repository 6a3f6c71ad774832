/**
 * Certificate authorities that servers are checked against: Node's and those of `NODE_EXTRA_CA_CERTS`, the system's,
 * and those of a file that the user chose.
 */
import { readFileSync } from "node:fs";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { EctopyError } from "../../../contract/domain/errors.ts";
import { systemError } from "../../../contract/domain/system-errors.ts";

/** A file of authorities of a whole country's hospitals is smaller. */
const MAX_AUTHORITY_BYTES = 10_000_000;

/**
 * @param file PEM file of the user's authorities; empty: none
 * @throws EctopyError `not-found`, `no-access`, `usage`: the file holds no certificate
 */
export function trustedContext(file: string): SecureContext {
  const chosen = file === "" ? [] : readAuthorities(file);
  const authorities = [...new Set([...getCACertificates("default"), ...systemAuthorities(), ...chosen])];
  return createSecureContext({ ca: authorities });
}

/**
 * Reads the certificates of a PEM file.
 * @throws EctopyError as {@link trustedContext}
 */
export function readAuthorities(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, "latin1").slice(0, MAX_AUTHORITY_BYTES);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      throw new EctopyError("not-found", `There is no certificate authority file ${file}.`, "Choose it in Settings.");
    }
    throw systemError(error, `the certificate authority file ${file}`);
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (certificates.length > 0) {
      createSecureContext({ ca: certificates });
      return certificates;
    }
  } catch {
    // Text between the marks that is no certificate.
  }
  throw new EctopyError(
    "usage",
    `${file} holds no certificate in PEM format.`,
    "Choose the file that your network's administrator gave you (often .pem or .crt, with BEGIN CERTIFICATE in it).",
  );
}

function systemAuthorities(): string[] {
  try {
    return getCACertificates("system");
  } catch {
    return []; // No store, or one that can't be read: Node's authorities are left.
  }
}
