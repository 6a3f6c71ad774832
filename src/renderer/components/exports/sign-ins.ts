/**
 * Sign-ins that the system's keychain stores by server address: the user's name or the existence of a token, never the
 * secret.
 */
import { computed, shallowRef, type ComputedRef } from "vue";
import type { KeptSignIn, MlflowCredentials, SignInKeeping } from "../../../contract/domain/exports.ts";
import { client } from "../../api/client.ts";
import { withoutSecrets } from "./export-form.ts";

export function savedSignInLabel({ user }: KeptSignIn): string {
  return user === null ? "Saved token" : `Saved user ${user}`;
}

export interface SignIns {
  canKeep: ComputedRef<boolean>;
  /** The saved sign-in of the address; null: none. */
  saved: ComputedRef<KeptSignIn | null>;
  refresh: () => Promise<void>;
  save: (address: string, credentials: MlflowCredentials) => Promise<void>;
  forget: (address: string) => Promise<void>;
}

export function useSignIns(address: () => string): SignIns {
  const keeping = shallowRef<SignInKeeping>({ canKeep: false, kept: [] });
  const refresh = async (): Promise<void> => void (keeping.value = await client.call("exports.signIns", {}));
  return {
    canKeep: computed(() => keeping.value.canKeep),
    saved: computed(() => keeping.value.kept.find((each) => each.address === withoutSecrets(address())) ?? null),
    refresh,
    save: async (address, credentials) => {
      await client.call("exports.keepSignIn", { address, credentials });
      await refresh();
    },
    forget: async (address) => {
      await client.call("exports.forgetSignIn", { address });
      await refresh();
    },
  };
}
