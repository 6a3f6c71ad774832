/** The saved networks, fresh. */
import { defineStore } from "pinia";
import { client } from "../api/client.ts";
import { freshList } from "./fresh-list.ts";

export const useNetworks = defineStore("networks", () =>
  freshList(
    () => client.call("networks.list", {}),
    (changed) => client.on("networks.changed", changed),
  ),
);
