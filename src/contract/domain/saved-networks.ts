/** Custom networks, saved by name. */
import { z } from "zod";
import { networkSchema, type NetworkSpec } from "./networks.ts";

export interface SavedNetwork {
  id: number;
  /** Its name is unique, ignoring case. */
  network: NetworkSpec;
  /** ISO 8601, UTC. */
  createdAt: string;
  changedAt: string;
}

export const savingSchema = z.strictObject({
  /** Number of the custom network to replace; without it, a new one is saved. */
  id: z.int().min(1).optional(),
  network: networkSchema,
});
