/** What can be handed on, where it goes, and at which field of the dialog an error belongs. */
import type { ErrorReport } from "../../../contract/domain/errors.ts";
import type { MlflowCredentials, MlflowTarget, ModelFormat } from "../../../contract/domain/exports.ts";

export type ExportKind = "report" | "figures" | "tables" | "model" | "mlflow-server" | "mlflow-folder";

/** Runs that stand side by side in one report, or one set of figures. */
const MOST_TOGETHER = 100;

/** In the order in which they are offered. */
const exportKinds: readonly { value: ExportKind; label: string; says: string }[] = [
  { value: "report", label: "Report", says: "what was done and what came out, to read and to print" },
  { value: "figures", label: "Figures", says: "curves, matrices and bars, as SVG and PNG for print" },
  { value: "tables", label: "Tables", says: "CSV of settings, epochs, classes and every test beat" },
  { value: "model", label: "Model", says: "as files that other programs load, with its card and an example" },
  {
    value: "mlflow-server",
    label: "MLflow server",
    says: "settings, curves, figures and model, beside the runs of others",
  },
  { value: "mlflow-folder", label: "MLflow folder", says: "the same as files, without a server" },
];

export function kindsFor(runs: readonly number[]): typeof exportKinds {
  return exportKinds.filter(({ value }) => runs.length <= MOST_TOGETHER || !["report", "figures"].includes(value));
}

/** How a server lets one in; `kept`: as the system's keychain has it for the address. */
export type SignIn = "none" | "password" | "token" | "kept";

export interface ExportForm {
  kind: ExportKind;
  format: ModelFormat;
  /** Beside the page. */
  pdf: boolean;
  /** Of figures, in mm; 0: each as it is best seen. */
  width: 0 | 85 | 180;
  /** Of figures, dots an inch. */
  dpi: number;
  folder: string;
  address: string;
  experiment: string;
  signIn: SignIn;
  user: string;
  password: string;
  token: string;
  /** In the system's keychain, once the server has let one in. */
  keep: boolean;
}

/** `server`: all of its fields together, where it is not known which. */
export type ExportField = "folder" | "address" | "user" | "token" | "server";

export interface ExportProblem {
  /** Null: of the runs, not of what was filled in. */
  field: ExportField | null;
  message: string;
  fix: string;
}

/** What must be filled in first; null: nothing. */
export function missingIn(form: ExportForm): ExportProblem | null {
  if (form.kind !== "mlflow-server") {
    return isWholePath(form.folder.trim())
      ? null
      : { field: "folder", message: "It is not said where to.", fix: "Choose a folder, or give its whole path." };
  }
  if (!isAddress(form.address.trim())) {
    return {
      field: "address",
      message: "This is not a server's address.",
      fix: "Write it as http://localhost:5000, or as it stands in the browser.",
    };
  }
  if (form.signIn === "password" && form.user === "") {
    return { field: "user", message: "The user is missing.", fix: "Give it, or sign in otherwise." };
  }
  if (form.signIn === "token" && form.token.trim() === "") {
    return { field: "token", message: "The token is missing.", fix: "Give it, or sign in otherwise." };
  }
  return null;
}

/** Where an export that failed is to be mended. */
export function problemOf({ kind, signIn }: ExportForm, { code, message, fix }: ErrorReport): ExportProblem {
  const at = (field: ExportField | null): ExportProblem => ({ field, message, fix });
  switch (code) {
    case "server-unreachable":
    case "server-unsuitable":
      return at("address");
    case "server-refuses":
      return at("server");
    case "usage":
      // Of an address that is one, only the token can be wrong by itself.
      return at(signIn === "token" ? "token" : "server");
    case "not-found":
      return at(signIn === "kept" ? "server" : null);
    case "no-access":
      return at(kind !== "mlflow-server" ? "folder" : signIn === "kept" ? "server" : null);
    case "disk-full":
    case "unsafe-path":
      return at(kind === "mlflow-server" ? null : "folder");
    default:
      return at(null);
  }
}

export function mlflowTarget(form: ExportForm): MlflowTarget & { kept: boolean } {
  const experiment = form.experiment.trim() || "Ectopy";
  return form.kind === "mlflow-server"
    ? { place: form.address.trim(), experiment, credentials: credentialsOf(form), kept: form.signIn === "kept" }
    : { place: form.folder.trim(), experiment, credentials: {}, kept: false };
}

export function credentialsOf({ signIn, user, password, token }: ExportForm): MlflowCredentials {
  if (signIn === "password") return { user, password };
  return signIn === "token" ? { token: token.trim() } : {};
}

/** The address as it may be remembered: a user and password in it are left out. */
export function withoutSecrets(address: string): string {
  const url = URL.parse(address.trim());
  return url === null ? "" : `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

function isAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:");
}

/** Of any system, since the browser's need not be that of the machine which Ectopy runs on. */
function isWholePath(path: string): boolean {
  return /^(\/|\\\\|[A-Za-z]:[\\/])/.test(path);
}
