/** Destination of an MLflow export: the address of a server, or a folder. */
import { fileURLToPath } from "node:url";
import { EctopyError } from "../../../../contract/domain/errors.ts";
import type { MlflowCredentials } from "../../../../contract/domain/exports.ts";
import { MAX_QUOTED_LENGTH, shortened } from "../../../../contract/text/shorten.ts";
import { withoutSlashes } from "../../../base/without-slashes.ts";
import type { ServerAddress } from "./client.ts";
import { authorization, chosenCredentials } from "./credentials.ts";

export type MlflowPlace = ({ kind: "server" } & ServerAddress) | { kind: "folder"; folder: string };

/**
 * @param place may hold a user and password (`http://user:password@…`)
 * @param given credentials for this export
 * @param environment of this process
 * @throws EctopyError `usage`, whose message holds no credentials
 */
export function placeOf(place: string, given: MlflowCredentials, environment: MlflowCredentials): MlflowPlace {
  const scheme = schemeOf(place);
  if (scheme === undefined) return { kind: "folder", folder: place };
  if (scheme === "file") return { kind: "folder", folder: filePath(place) };
  if (scheme !== "http" && scheme !== "https") {
    throw new EctopyError(
      "usage",
      `Addresses that begin with ${shortened(scheme, MAX_QUOTED_LENGTH)}:// are not supported.`,
      "Enter the address of an MLflow server (http://… or https://…), or a folder.",
    );
  }
  const url = URL.parse(place);
  if (url === null) throw noAddress();
  return {
    kind: "server",
    url: `${url.origin}${withoutSlashes(url.pathname)}`,
    authorization: authorization(chosenCredentials(given, credentialsIn(url), environment)),
  };
}

/** Returns whether a text is an address (of a server, or `file://`) rather than a path. */
export function isAddress(place: string): boolean {
  return schemeOf(place) !== undefined;
}

function schemeOf(place: string): string | undefined {
  return /^([a-z][a-z0-9+.-]+):\/\//i.exec(place)?.[1].toLowerCase();
}

function credentialsIn({ username, password }: URL): MlflowCredentials {
  if (username === "") return {};
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    throw noAddress();
  }
}

function noAddress(): EctopyError {
  return new EctopyError(
    "usage",
    "The address of the MLflow server is invalid.",
    "Use the form http://localhost:5000.",
  );
}

function filePath(place: string): string {
  try {
    return fileURLToPath(place);
  } catch {
    throw new EctopyError(
      "usage",
      `${shortened(place, MAX_QUOTED_LENGTH)} is no folder on this machine.`,
      "Enter the path of a folder.",
    );
  }
}
