/** By what MLflow servers let one in, kept from one export to the next: encrypted by the system's keychain, or not at all. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import {
  mlflowCredentialsSchema,
  type KeptSignIn,
  type MlflowCredentials,
  type SignInKeeping,
} from "../../../contract/domain/exports.ts";
import type { PreferenceStore } from "../../store/preferences.ts";
import { placeOf } from "./mlflow/place.ts";

/** The system's, as far as the shell has it. */
export interface Keychain {
  /** Whether it can be used, and keeps more than it would without a password. */
  isOpen(): Promise<boolean>;
  encrypt(text: string): Promise<Uint8Array>;
  /** Rejects where it was encrypted by another. */
  decrypt(bytes: Uint8Array): Promise<string>;
}

export class SignIns {
  readonly #preferences: PreferenceStore;
  readonly #keychain: Keychain | null;

  /** @param keychain null: nothing is kept */
  constructor(preferences: PreferenceStore, keychain: Keychain | null) {
    this.#preferences = preferences;
    this.#keychain = keychain;
  }

  /** Without the secrets. */
  async list(): Promise<SignInKeeping> {
    if ((await this.#open()) === null) return { canKeep: false, kept: [] };
    const kept = this.#preferences.readSignIns().map(({ address, user }): KeptSignIn => ({ address, user }));
    return { canKeep: true, kept };
  }

  /**
   * Instead of what was kept for the server before.
   * @throws EctopyError `usage`: no server, or nobody to sign in; `unsupported`: there is no keychain; `disk-full`, `no-access`
   */
  async keep(place: string, credentials: MlflowCredentials): Promise<void> {
    const address = addressOf(place);
    const { user, token } = credentials;
    if (user === undefined && token === undefined) {
      throw new EctopyError("usage", "There is no user and no token to keep.", "Give one of them.");
    }
    const keychain = await this.#open();
    if (keychain === null) {
      throw new EctopyError(
        "unsupported",
        "There is no keychain to keep a password in: it was not stored.",
        "Give it at each export.",
      );
    }
    const secret = Buffer.from(await keychain.encrypt(JSON.stringify(credentials))).toString("base64");
    this.#preferences.writeSignIns([...this.#others(address), { address, user: user ?? null, secret }]);
  }

  forget(place: string): void {
    this.#preferences.writeSignIns(this.#others(addressOf(place)));
  }

  /** @throws EctopyError `not-found`: none is kept; `no-access`: it can't be read any more */
  async find(place: string): Promise<MlflowCredentials> {
    const address = addressOf(place);
    const kept = this.#preferences.readSignIns().find((each) => each.address === address);
    const keychain = await this.#open();
    if (kept === undefined || keychain === null) {
      throw new EctopyError("not-found", `No sign-in is kept for ${address}.`, "Give user and password, or a token.");
    }
    try {
      return mlflowCredentialsSchema.parse(JSON.parse(await keychain.decrypt(Buffer.from(kept.secret, "base64"))));
    } catch (cause) {
      throw new EctopyError(
        "no-access",
        `The sign-in that is kept for ${address} can't be read: the system's keychain does not open it.`,
        "Give user and password, or a token, once more.",
        { cause },
      );
    }
  }

  async #open(): Promise<Keychain | null> {
    return this.#keychain !== null && (await this.#keychain.isOpen()) ? this.#keychain : null;
  }

  #others(address: string) {
    return this.#preferences.readSignIns().filter((each) => each.address !== address);
  }
}

/** Of the server, without what signs one in. @throws EctopyError `usage` */
function addressOf(place: string): string {
  const target = placeOf(place, {}, {});
  if (target.kind === "server") return target.url;
  throw new EctopyError("usage", "A folder needs no sign-in.", "Give the address of a server.");
}
