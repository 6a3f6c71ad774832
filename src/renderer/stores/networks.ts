/** The saved networks, requested again after each change. */
import { defineStore } from "pinia";
import { client } from "../api/client.ts";
import { freshList } from "./fresh-list.ts";

export const useNetworks = defineStore("networks", () =>
  freshList(
    () => client.call("networks.list", {}),
    (changed) => client.on("networks.changed", changed),
  ),
);
