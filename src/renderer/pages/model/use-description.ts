/** What a network is, layer by layer, asked for as it changes: only the latest answer counts. */
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import type { NetworkDescription, NetworkShape, NetworkSpec } from "../../../contract/domain/networks.ts";
import { client, useConnection } from "../../api/client.ts";
import { useToasts } from "../../stores/toasts.ts";

export function useDescription(
  network: Ref<NetworkSpec | null>,
  shape: Ref<NetworkShape>,
): ShallowRef<NetworkDescription | null> {
  const description = shallowRef<NetworkDescription | null>(null);
  const toasts = useToasts();
  const { connected } = useConnection();
  let latest = 0;
  watch(
    [network, shape, connected],
    async ([wanted, { windowLength, classes }, is]) => {
      const mine = ++latest;
      if (!wanted || !is) return;
      try {
        const found = await client.call("models.describe", { network: wanted, windowLength, classes });
        if (mine === latest) description.value = found;
      } catch (reason) {
        if (mine === latest) toasts.error(reason);
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => latest++);
  return description;
}
