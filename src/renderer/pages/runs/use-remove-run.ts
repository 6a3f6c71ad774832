/** Takes a run away, with a way back. */
import { client } from "../../api/client.ts";
import { useAttempt, useToasts } from "../../stores/toasts.ts";

/** @returns whether it is gone */
export function useRemoveRun(): (run: number) => Promise<boolean> {
  const toasts = useToasts();
  const attempt = useAttempt();
  return async (run) => {
    let gone = false;
    await attempt(async () => {
      await client.call("runs.remove", { run });
      gone = true;
      toasts.success(`Run ${run} was removed.`, {
        label: "Undo",
        run: async () => void (await client.call("runs.restore", { run })),
      });
    });
    return gone;
  };
}
