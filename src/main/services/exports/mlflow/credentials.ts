/** Who asks an MLflow server. Lives as long as the export, and is in no message, no log and no store. */
import { EctopyError } from "../../../../contract/domain/errors.ts";
import type { MlflowCredentials } from "../../../../contract/domain/exports.ts";

/** As MLflow's own clients read them. */
export function environmentCredentials(environment: NodeJS.ProcessEnv): MlflowCredentials {
  const {
    MLFLOW_TRACKING_USERNAME: user,
    MLFLOW_TRACKING_PASSWORD: password,
    MLFLOW_TRACKING_TOKEN: token,
  } = environment;
  return { ...(user ? { user } : {}), ...(password ? { password } : {}), ...(token ? { token } : {}) };
}

/** Precedence: the credentials of the user, then those in the address, then the environment. */
export function chosenCredentials(
  given: MlflowCredentials,
  inAddress: MlflowCredentials,
  environment: MlflowCredentials,
): MlflowCredentials {
  if (given.user !== undefined) return { ...given, password: given.password ?? environment.password ?? "" };
  if (given.token !== undefined) return given;
  return inAddress.user !== undefined ? inAddress : environment;
}

/**
 * The header that says who asks; a user's name goes before a token, as in MLflow.
 * @throws EctopyError `usage` where it can't be sent
 */
export function authorization({ user, password, token }: MlflowCredentials): string | null {
  if (user !== undefined) return `Basic ${Buffer.from(`${user}:${password ?? ""}`).toString("base64")}`;
  if (token === undefined) return null;
  if (/^[\x21-\x7e]+$/.test(token)) return `Bearer ${token}`;
  throw new EctopyError("usage", "The token for the MLflow server has characters that no token has.", "Copy it again.");
}
