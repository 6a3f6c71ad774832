/** What the system's keychain keeps for the server at an address: who signs in, never the secret. */
import { computed, shallowRef, type ComputedRef } from "vue";
import type { KeptSignIn, MlflowCredentials, SignInKeeping } from "../../../contract/domain/exports.ts";
import { client } from "../../api/client.ts";
import { withoutSecrets } from "./export-form.ts";

export function keptLabel({ user }: KeptSignIn): string {
  return user === null ? "Remembered token" : `As ${user}`;
}

export interface SignIns {
  canKeep: ComputedRef<boolean>;
  /** For the address; null: none. */
  kept: ComputedRef<KeptSignIn | null>;
  refresh: () => Promise<void>;
  keep: (address: string, credentials: MlflowCredentials) => Promise<void>;
  forget: (address: string) => Promise<void>;
}

export function useSignIns(address: () => string): SignIns {
  const keeping = shallowRef<SignInKeeping>({ canKeep: false, kept: [] });
  const refresh = async (): Promise<void> => void (keeping.value = await client.call("exports.signIns", {}));
  return {
    canKeep: computed(() => keeping.value.canKeep),
    kept: computed(() => keeping.value.kept.find((each) => each.address === withoutSecrets(address())) ?? null),
    refresh,
    keep: async (address, credentials) => {
      await client.call("exports.keepSignIn", { address, credentials });
      await refresh();
    },
    forget: async (address) => {
      await client.call("exports.forgetSignIn", { address });
      await refresh();
    },
  };
}
