/** Of datasets, where they come from, and their recordings. */
import { basename } from "node:path";
import { DEFAULT_SEED } from "../../../contract/settings/defaults.ts";
import type { ImportSettings } from "../../../contract/domain/datasets.ts";
import { downloadTitle, physioNetDatabases } from "../../../contract/domain/physionet.ts";
import { fullPath } from "../../base/user-path.ts";
import { withoutUndefined } from "../../base/without-undefined.ts";
import type { ImportOptions } from "../../services/datasets/datasets.ts";
import { tellOfItems } from "../tell-of-items.ts";
import type { HandlerParts, Some } from "./handler-parts.ts";

export function datasetHandlers({ services, jobs, events }: HandlerParts): Some<"datasets"> {
  return {
    "datasets.list": () => services.results.datasets(),
    "datasets.get": ({ dataset }) => services.results.dataset(dataset),
    "datasets.import": ({ path, ...options }) => ({
      job: startImport({ services, jobs, events }, fullPath(path), options),
    }),
    "datasets.makeSample": ({ seed = DEFAULT_SEED }) => ({
      job: jobs.start({ kind: "sample", title: "Sample recordings" }, async (watch) => {
        const { dataset } = await services.datasets.makeSample(seed, watch);
        return tellOfImport({ services, events }, dataset.id);
      }),
    }),
    "datasets.remove": ({ dataset }) => {
      services.removal.remove("datasets", dataset);
      return tellOfItems(events, [{ kind: "datasets", id: dataset }]);
    },
    "datasets.restore": ({ dataset }) => tellOfItems(events, services.removal.restore("datasets", dataset)),
  };
}

/** The same recordings again take the place of damaged ones. @returns the dataset's number */
function tellOfImport({ services, events }: Pick<HandlerParts, "services" | "events">, dataset: number): number {
  services.doctor.forget({ kind: "datasets", id: dataset });
  events.emit("datasets.changed", null);
  return dataset;
}

/** @param after called when it has ended, however it ended */
export function startImport(
  { services, jobs, events }: Pick<HandlerParts, "services" | "jobs" | "events">,
  path: string,
  options: ImportSettings & Pick<ImportOptions, "shown" | "source">,
  after: () => Promise<void> = () => Promise.resolve(),
) {
  return jobs.start({ kind: "import", title: `Import of ${options.name ?? basename(path)}` }, async (watch) => {
    try {
      const { dataset } = await services.datasets.importFrom(path, { ...watch, ...withoutUndefined(options) });
      return tellOfImport({ services, events }, dataset.id);
    } finally {
      await after();
    }
  });
}

export function downloadHandlers({ services, jobs, events }: HandlerParts): Some<"downloads"> {
  const { downloads } = services;
  return {
    "downloads.list": () => downloads.list(),
    "downloads.start": ({ name, ...options }) => ({
      job: jobs.start({ kind: "download", title: downloadTitle(physioNetDatabases[name]) }, async (watch) => {
        const { dataset } = await downloads.download(name, { ...watch, ...withoutUndefined(options) });
        return tellOfImport({ services, events }, dataset.id);
      }),
    }),
    "downloads.discard": async ({ name }) => {
      await downloads.discard(name);
      return null;
    },
  };
}

export function recordingHandlers({ services: { recordings } }: HandlerParts): Some<"recordings"> {
  return {
    "recordings.signal": ({ from, to, ...record }) => recordings.read("signal", record, { from, to }),
    "recordings.envelope": ({ dataset, record, ...rest }) => recordings.read("envelope", { dataset, record }, rest),
    "recordings.denoised": ({ dataset, record, from, to, lead, ...settings }) =>
      recordings.read("denoised", { dataset, record }, { from, to, lead, settings }),
    "recordings.annotations": (record) => recordings.read("annotations", record, {}),
  };
}
