/** The export form: kinds of exports, missing fields, targets, and the field that an error belongs to. */
import type { ErrorReport } from "../../../contract/domain/errors.ts";
import type { MlflowCredentials, MlflowTarget, ModelFormat } from "../../../contract/domain/exports.ts";

export type ExportKind = "report" | "figures" | "tables" | "model" | "mlflow-server" | "mlflow-folder";

/** Most runs in one report, or in one set of figures. */
const MAX_COMPARED_RUNS = 100;

/** Kinds of exports, in the order of the dialog. */
const exportKinds: readonly { value: ExportKind; label: string; says: string }[] = [
  { value: "report", label: "Report", says: "settings, metrics, figures and limitations, to read or print" },
  { value: "figures", label: "Figures", says: "curves, confusion matrices and bar charts as SVG and PNG" },
  { value: "tables", label: "Tables", says: "CSV files of settings, epochs, classes and all test beats" },
  { value: "model", label: "Model", says: "weights for other programs, with a model card and an example" },
  {
    value: "mlflow-server",
    label: "MLflow server",
    says: "settings, curves, figures and model on a tracking server",
  },
  { value: "mlflow-folder", label: "MLflow folder", says: "the same as local files, without a server" },
];

export function kindsFor(runs: readonly number[]): typeof exportKinds {
  return exportKinds.filter(({ value }) => runs.length <= MAX_COMPARED_RUNS || !["report", "figures"].includes(value));
}

/** Authentication at the server; `saved`: from the system's keychain. */
export type SignIn = "none" | "password" | "token" | "saved";

export interface ExportForm {
  kind: ExportKind;
  format: ModelFormat;
  /** Whether the report is also written as PDF. */
  pdf: boolean;
  /** Width of figures, in mm; 0: the default of each figure. */
  width: 0 | 85 | 180;
  /** Resolution of PNG figures. */
  dpi: number;
  /** `computer`: the browser saves the files. */
  destination: "computer" | "folder";
  folder: string;
  address: string;
  experiment: string;
  signIn: SignIn;
  user: string;
  password: string;
  token: string;
  /** Whether to save the sign-in in the system's keychain once the server has accepted it. */
  save: boolean;
}

/** `server`: all fields of the server together, where the wrong one is unknown. */
export type ExportField = "folder" | "address" | "user" | "token" | "server";

export interface ExportProblem {
  /** Null: the error concerns the runs, not a field. */
  field: ExportField | null;
  message: string;
  fix: string;
}

/** Kinds that can't be saved by a browser: a server, and files that hold the path of their folder. */
const withPlace: ReadonlySet<ExportKind> = new Set(["mlflow-server", "mlflow-folder"]);

export function canSaveToComputer(kind: ExportKind): boolean {
  return !withPlace.has(kind);
}

export function savesToComputer({ kind, destination }: ExportForm): boolean {
  return destination === "computer" && canSaveToComputer(kind);
}

/** Returns whether the form needs a destination folder. */
export function needsFolder(form: ExportForm): boolean {
  return form.kind !== "mlflow-server" && !savesToComputer(form);
}

/** Returns the first missing or invalid field; null: none. */
export function missingIn(form: ExportForm): ExportProblem | null {
  if (savesToComputer(form)) return null;
  if (form.kind !== "mlflow-server") {
    return isAbsolutePath(form.folder.trim())
      ? null
      : { field: "folder", message: "Choose a destination folder.", fix: "Or enter its absolute path." };
  }
  if (!isAddress(form.address.trim())) {
    return {
      field: "address",
      message: "This is not a server address.",
      fix: "Enter an address such as http://localhost:5000, or copy it from the browser.",
    };
  }
  if (form.signIn === "password" && form.user === "") {
    return { field: "user", message: "The user is missing.", fix: "Enter a user, or choose another authentication." };
  }
  if (form.signIn === "token" && form.token.trim() === "") {
    return {
      field: "token",
      message: "The token is missing.",
      fix: "Enter a token, or choose another authentication.",
    };
  }
  return null;
}

/** Returns the error of a failed export at the field where the user can correct it. */
export function problemOf({ kind, signIn }: ExportForm, { code, message, fix }: ErrorReport): ExportProblem {
  const at = (field: ExportField | null): ExportProblem => ({ field, message, fix });
  switch (code) {
    case "server-unreachable":
    case "server-unsuitable":
      return at("address");
    case "server-refuses":
      return at("server");
    case "usage":
      // The address is valid, so only the token can be wrong by itself.
      return at(signIn === "token" ? "token" : "server");
    case "not-found":
      return at(signIn === "saved" ? "server" : null);
    case "no-access":
      return at(kind !== "mlflow-server" ? "folder" : signIn === "saved" ? "server" : null);
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
    ? { place: form.address.trim(), experiment, credentials: credentialsOf(form), kept: form.signIn === "saved" }
    : { place: form.folder.trim(), experiment, credentials: {}, kept: false };
}

export function credentialsOf({ signIn, user, password, token }: ExportForm): MlflowCredentials {
  if (signIn === "password") return { user, password };
  return signIn === "token" ? { token: token.trim() } : {};
}

/** Returns an address without user, password, query and fragment, so that the settings store no secret. */
export function withoutSecrets(address: string): string {
  const url = URL.parse(address.trim());
  return url === null ? "" : `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

function isAddress(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === "http:" || url.protocol === "https:");
}

/** Accepts absolute paths of any system, since the browser may run on another system than Ectopy. */
function isAbsolutePath(path: string): boolean {
  return /^(\/|\\\\|[A-Za-z]:[\\/])/.test(path);
}
