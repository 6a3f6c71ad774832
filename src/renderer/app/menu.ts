/** Runs the commands of Electron's menu. A browser tab has no such menu. */
import { onScopeDispose } from "vue";
import { useRouter } from "vue-router";
import { useImportRequests } from "../stores/import-requests.ts";
import { useAttempt } from "../stores/toasts.ts";

export function followMenu(): void {
  const bridge = window.ectopy;
  if (!bridge) return;
  const router = useRouter();
  const attempt = useAttempt();
  const requests = useImportRequests();
  onScopeDispose(
    bridge.onMenu((command) => {
      if ("go" in command) {
        void router.push(command.go);
        return;
      }
      void attempt(async () => {
        const path = await bridge.choose(command.import);
        if (path === null) return;
        // The start page examines it, and shows what it finds.
        requests.request(path);
        await router.push("/");
      });
    }),
  );
}
