/** Closing: what stops before what, once, and whatever fails. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openServices, type Services } from "./compose.ts";

let folder: string;
let services: Services;
let order: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ectopy-compose-"));
  services = openServices(join(folder, "workspace"), { mode: "write", warn: () => {}, upkeep: true });
  order = [];
  for (const name of ["jobs", "queue", "training", "recordings", "preparations", "comparison", "workspace"] as const) {
    const part: { close(): unknown } = services[name];
    const close = part.close.bind(part);
    vi.spyOn(part, "close").mockImplementation(async () => {
      await close();
      order.push(name);
    });
  }
});
afterEach(async () => {
  await services.close().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
});

describe("close of the services", () => {
  it("stops work first, then worker threads, and releases the workspace last", async () => {
    await services.close();
    expect(order.slice(0, 2).sort()).toEqual(["jobs", "queue"]);
    expect(order[2]).toBe("training");
    expect(order.slice(3, 6).sort()).toEqual(["comparison", "preparations", "recordings"]);
    expect(order[6]).toBe("workspace");
  });

  it("closes each part once", async () => {
    await Promise.all([services.close(), services.close()]);
    await services.close();
    expect(order).toHaveLength(7);
  });

  it("releases the workspace where an earlier step fails, and reports the failure", async () => {
    vi.spyOn(services.recordings, "close").mockRejectedValue(new Error("no end"));
    await expect(services.close()).rejects.toThrow("no end");
    expect(order.at(-1)).toBe("workspace");
    // The lock is free again.
    const again = openServices(join(folder, "workspace"), { mode: "write", warn: () => {} });
    await again.close();
  });

  it("stores the end of a job before the database closes", async () => {
    const { job } = {
      job: services.jobs.start({ kind: "measure", title: "Endless" }, ({ signal }) => {
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("stopped"))));
      }),
    };
    await services.close();
    const again = openServices(join(folder, "workspace"), { mode: "read", warn: () => {} });
    expect(again.jobs.list().find(({ id }) => id === job.id)?.state).toBe("failed");
    await again.close();
  });
});
