/** Inspections that are held until they are imported or discarded, with their temporary files. */
import { rm } from "node:fs/promises";
import { EctopyError } from "../../../contract/domain/errors.ts";
import type { Inspection } from "../../../contract/domain/inspection.ts";
import { makeTemporaryFolder } from "../../base/temporary.ts";
import type { FoundRecordings } from "./find-all.ts";

/** Inspections at the same time; the oldest is forgotten first, because each may hold an upload. */
const MAX_HELD = 3;

interface Held {
  found: FoundRecordings;
  inspection: Inspection;
}

/** An inspection that is being made. */
export interface NewInspection {
  /** Returns a new temporary folder, which is removed with the inspection. */
  temporaryFolder: (purpose: string) => string;
  set: (found: FoundRecordings, inspection: Omit<Inspection, "id">) => Promise<Inspection>;
  release: () => Promise<void>;
}

export class HeldInspections {
  readonly #held = new Map<number, Partial<Held> & { release: () => Promise<void> }>();
  #nextId = 1;

  /** @param release called when the inspection is forgotten */
  async hold(release: () => Promise<void> = () => Promise.resolve()): Promise<NewInspection> {
    const [oldest] = this.#held.keys();
    if (this.#held.size >= MAX_HELD) await this.discard(oldest);
    const id = this.#nextId++;
    const folders: string[] = [];
    this.#held.set(id, {
      release: async () => {
        for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
        await release();
      },
    });
    return {
      temporaryFolder: (purpose) => {
        const folder = makeTemporaryFolder(purpose);
        folders.push(folder);
        return folder;
      },
      set: (found, inspection) => {
        const held = this.#held.get(id);
        if (held === undefined) throw gone(id);
        const complete = { ...inspection, id };
        this.#held.set(id, { ...held, found, inspection: complete });
        return Promise.resolve(complete);
      },
      release: () => this.discard(id),
    };
  }

  /** @throws EctopyError `not-found` */
  get(id: number): Held {
    const { found, inspection } = this.#held.get(id) ?? {};
    if (found === undefined || inspection === undefined) throw gone(id);
    return { found, inspection };
  }

  async discard(id: number): Promise<void> {
    const held = this.#held.get(id);
    this.#held.delete(id);
    await held?.release();
  }

  async close(): Promise<void> {
    for (const id of [...this.#held.keys()]) await this.discard(id);
  }
}

function gone(id: number): EctopyError {
  return new EctopyError("not-found", `Inspection ${id} is no longer held.`, "Inspect the recordings again.");
}
