/** Removes a run, with an Undo in the notice. */
import { client } from "../../api/client.ts";
import { useAttempt, useToasts } from "../../stores/toasts.ts";

/** Returns a function that removes a run and resolves to whether the run was removed. */
export function useRemoveRun(): (run: number) => Promise<boolean> {
  const toasts = useToasts();
  const attempt = useAttempt();
  return async (run) => {
    let removed = false;
    await attempt(async () => {
      await client.call("runs.remove", { run });
      removed = true;
      toasts.success(`Run ${run} was removed.`, {
        label: "Undo",
        run: async () => void (await client.call("runs.restore", { run })),
      });
    });
    return removed;
  };
}
