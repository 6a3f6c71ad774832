/** The experiments, fresh: whenever one of their runs has another state. */
import { useThrottleFn } from "@vueuse/core";
import { defineStore } from "pinia";
import { client } from "../api/client.ts";
import { freshList } from "./fresh-list.ts";

/** Runs of a small experiment end one after the other: asked for at most this often, in ms. */
const EVERY = 500;

export const useExperiments = defineStore("experiments", () =>
  freshList(
    () => client.call("experiments.list", {}),
    (changed) => {
      const seldom = useThrottleFn(changed, EVERY, true);
      return client.on("run.changed", () => void seldom());
    },
  ),
);
