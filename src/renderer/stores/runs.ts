/** The runs, newest first, fresh: a run's state, its epochs so far and its remarks. */
import { defineStore } from "pinia";
import { client } from "../api/client.ts";
import { freshList } from "./fresh-list.ts";

/** Epochs of a small training end several times a second: the list is asked for at most this often, in ms. */
const RELOAD_EVERY = 500;

export const useRuns = defineStore("runs", () => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return freshList(
    () => client.call("runs.list", {}),
    (changed) => {
      const soon = (): void => {
        timer ??= setTimeout(() => {
          timer = undefined;
          changed();
        }, RELOAD_EVERY);
      };
      client.on("run.changed", changed);
      client.on("run.epoch", soon);
    },
  );
});
