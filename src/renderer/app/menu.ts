/** Does what Electron's menu asks. In a browser tab there is none. */
import { onScopeDispose } from "vue";
import { useRouter } from "vue-router";
import { importPath } from "../api/import-files.ts";
import { useSettings } from "../stores/settings.ts";
import { useAttempt } from "../stores/toasts.ts";

export function followMenu(): void {
  const bridge = window.ectopy;
  if (!bridge) return;
  const router = useRouter();
  const attempt = useAttempt();
  const store = useSettings();
  onScopeDispose(
    bridge.onMenu((command) => {
      if ("go" in command) {
        void router.push(command.go);
        return;
      }
      void attempt(async () => {
        const path = await bridge.choose(command.import);
        if (path !== null) await importPath(path, { withoutComments: store.settings.withoutComments });
      });
    }),
  );
}
