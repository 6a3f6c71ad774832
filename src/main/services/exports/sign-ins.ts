/** Credentials of MLflow servers, kept between exports: encrypted by the system's keychain, or not stored. */
import { EctopyError } from "../../../contract/domain/errors.ts";
import {
  mlflowCredentialsSchema,
  type KeptSignIn,
  type MlflowCredentials,
  type SignInKeeping,
} from "../../../contract/domain/exports.ts";
import type { PreferenceStore } from "../../store/preferences.ts";
import { placeOf } from "./mlflow/place.ts";

/** The system's keychain, where the shell has one. */
export interface Keychain {
  /** Whether it can be used and encrypts with a real secret. */
  isOpen(): Promise<boolean>;
  encrypt(text: string): Promise<Uint8Array>;
  /** Rejects where another keychain encrypted the value. */
  decrypt(bytes: Uint8Array): Promise<string>;
}

export class SignIns {
  readonly #preferences: PreferenceStore;
  readonly #keychain: Keychain | null;

  /** @param keychain null: nothing is stored */
  constructor(preferences: PreferenceStore, keychain: Keychain | null) {
    this.#preferences = preferences;
    this.#keychain = keychain;
  }

  /** Returns sign-ins without their secrets. */
  async list(): Promise<SignInKeeping> {
    if ((await this.#open()) === null) return { canKeep: false, kept: [] };
    const kept = this.#preferences.readSignIns().map(({ address, user }): KeptSignIn => ({ address, user }));
    return { canKeep: true, kept };
  }

  /**
   * Stores a sign-in, replacing an earlier one for the server.
   * @throws EctopyError `usage`: no server, or no user and token; `unsupported`: there is no keychain; `disk-full`,
   * `no-access`
   */
  async keep(place: string, credentials: MlflowCredentials): Promise<void> {
    const address = addressOf(place);
    const { user, token } = credentials;
    if (user === undefined && token === undefined) {
      throw new EctopyError("usage", "A user or a token is missing.", "Enter a user and password, or a token.");
    }
    const keychain = await this.#open();
    if (keychain === null) {
      throw new EctopyError(
        "unsupported",
        "The password was not stored: there is no keychain.",
        "Enter it at each export.",
      );
    }
    const secret = Buffer.from(await keychain.encrypt(JSON.stringify(credentials))).toString("base64");
    this.#preferences.writeSignIns([...this.#others(address), { address, user: user ?? null, secret }]);
  }

  forget(place: string): void {
    this.#preferences.writeSignIns(this.#others(addressOf(place)));
  }

  /** @throws EctopyError `not-found`: none is stored; `no-access`: it can't be decrypted */
  async find(place: string): Promise<MlflowCredentials> {
    const address = addressOf(place);
    const kept = this.#preferences.readSignIns().find((each) => each.address === address);
    const keychain = await this.#open();
    if (kept === undefined || keychain === null) {
      throw new EctopyError(
        "not-found",
        `No sign-in is stored for ${address}.`,
        "Enter user and password, or a token.",
      );
    }
    try {
      return mlflowCredentialsSchema.parse(JSON.parse(await keychain.decrypt(Buffer.from(kept.secret, "base64"))));
    } catch (cause) {
      throw new EctopyError(
        "no-access",
        `The stored sign-in for ${address} can't be read: the system's keychain can't decrypt it.`,
        "Enter user and password, or a token, again.",
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

/** Returns the server's address without credentials. @throws EctopyError `usage` */
function addressOf(place: string): string {
  const target = placeOf(place, {}, {});
  if (target.kind === "server") return target.url;
  throw new EctopyError("usage", "A folder needs no sign-in.", "Enter the address of a server.");
}
