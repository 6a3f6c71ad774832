/** The experiments, requested again whenever the state of a run changes. */
import { useThrottleFn } from "@vueuse/core";
import { defineStore } from "pinia";
import { client } from "../api/client.ts";
import { freshList } from "./fresh-list.ts";

/** Runs of a small experiment end in quick succession: the list is requested at most this often. */
const MIN_INTERVAL_MS = 500;

export const useExperiments = defineStore("experiments", () =>
  freshList(
    () => client.call("experiments.list", {}),
    (changed) => {
      const throttled = useThrottleFn(changed, MIN_INTERVAL_MS, true);
      return client.on("run.changed", () => void throttled());
    },
  ),
);
