/** Handlers of datasets, downloads and recordings. */
import { basename } from "node:path";
import type { JobSnapshot } from "../../../contract/domain/jobs.ts";
import { DEFAULT_SEED } from "../../../contract/settings/defaults.ts";
import type { CorrectedPatients, ImportSettings } from "../../../contract/domain/datasets.ts";
import { downloadTitle } from "../../../contract/domain/physionet.ts";
import { fullPath } from "../../base/user-path.ts";
import { withoutUndefined } from "../../base/without-undefined.ts";
import type { Services } from "../../services/compose.ts";
import type { ImportOptions, InspectOptions } from "../../services/datasets/datasets.ts";
import { announceItems } from "../../services/jobs/announce-items.ts";
import type { HandlerContext, HandlersOf } from "./handler-context.ts";

export function datasetHandlers({ services }: HandlerContext): HandlersOf<"datasets"> {
  const { jobs, events } = services;
  return {
    "datasets.list": () => services.results.datasets(),
    "datasets.get": ({ dataset }) => services.results.dataset(dataset),
    "datasets.inspect": async ({ path }) => {
      const { path: place } = await services.userFiles.check(fullPath(path), "recordings");
      return { job: startInspection(services, place, {}) };
    },
    "datasets.inspection": ({ inspection }) => services.datasets.inspection(inspection),
    "datasets.discardInspection": async ({ inspection }) => {
      await services.datasets.discard(inspection);
      return null;
    },
    "datasets.import": async ({ path, ...options }) => {
      if (options.inspection !== undefined) return { job: startImport(services, path, options) };
      const { path: place } = await services.userFiles.check(fullPath(path), "recordings");
      return { job: startImport(services, place, options) };
    },
    "datasets.makeSample": ({ seed = DEFAULT_SEED }) => ({
      job: jobs.start({ kind: "sample", title: "Sample recordings" }, async (watch) => {
        const { dataset } = await services.datasets.makeSample(seed, watch);
        return announceImport(services, dataset.id);
      }),
    }),
    "datasets.examine": ({ dataset }) => {
      const { name } = services.results.dataset(dataset).dataset;
      const job = jobs.start({ kind: "import", title: `Examination of ${name}` }, async (watch) => {
        await services.datasets.examine(dataset, watch);
        return announceImport(services, dataset);
      });
      return { job };
    },
    "datasets.remove": ({ dataset }) => {
      services.removal.remove("datasets", dataset);
      return announceItems(events, [{ kind: "datasets", id: dataset }]);
    },
    "datasets.restore": ({ dataset }) => announceItems(events, services.removal.restore("datasets", dataset)),
    "datasets.setPatients": ({ dataset, patients }) => {
      return announcePatients(services, services.patients.correct(dataset, patients));
    },
    "datasets.undoPatients": ({ dataset }) => announcePatients(services, services.patients.undo(dataset)),
    "datasets.rename": ({ dataset, name }) => {
      services.names.rename("datasets", dataset, name);
      return announceItems(events, [{ kind: "datasets", id: dataset }]);
    },
  };
}

/** Forgets what the doctor found, as imported recordings replace damaged ones. @returns the dataset's number */
function announceImport({ doctor, events }: Services, dataset: number): number {
  doctor.forget({ kind: "datasets", id: dataset });
  events.emit("datasets.changed", null);
  return dataset;
}

/** Tells every window that the patients of a dataset changed, and with them what its preparations say. */
function announcePatients({ events }: Services, corrected: CorrectedPatients): CorrectedPatients {
  events.emit("datasets.changed", null);
  events.emit("preparations.changed", null);
  return corrected;
}

/** Starts a job that examines recordings. @param options.release called once the files are needed no longer */
export function startInspection(
  services: Services,
  path: string,
  options: Pick<InspectOptions, "shown" | "release">,
): JobSnapshot {
  return services.jobs.start(
    { kind: "inspect", title: `Inspection of ${options.shown ?? basename(path)}` },
    async (watch) => (await services.datasets.inspect(path, { ...watch, ...options })).id,
  );
}

/** Starts a job that imports a folder. @param after called when the job has ended, however it ended */
export function startImport(
  services: Services,
  path: string,
  options: ImportSettings & Pick<ImportOptions, "shown" | "source">,
  after: () => Promise<void> = () => Promise.resolve(),
) {
  return services.jobs.start(
    { kind: "import", title: `Import of ${options.name ?? basename(path)}` },
    async (watch) => {
      try {
        const { dataset } = await services.datasets.importFrom(path, { ...watch, ...withoutUndefined(options) });
        return announceImport(services, dataset.id);
      } finally {
        await after();
      }
    },
  );
}

export function downloadHandlers({ services }: HandlerContext): HandlersOf<"downloads"> {
  const { downloads, jobs } = services;
  return {
    "downloads.list": () => downloads.list(),
    "downloads.start": ({ name, ...options }) => ({
      job: jobs.start({ kind: "download", title: downloadTitle(name) }, async (watch) => {
        const { dataset } = await downloads.download(name, { ...watch, ...withoutUndefined(options) });
        return announceImport(services, dataset.id);
      }),
    }),
    "downloads.inspect": ({ name }) => downloads.inspect(name, new AbortController().signal),
    "downloads.discard": async ({ name, records }) => {
      await downloads.discard(name, records);
      return null;
    },
  };
}

export function recordingHandlers({ services }: HandlerContext): HandlersOf<"recordings"> {
  const { recordings, recordingReports, events } = services;
  return {
    "recordings.report": (choice) => recordingReports.report(choice),
    "recordings.strips": ({ places, ...recording }) => recordings.strips(recording, places),
    "recordings.overruleExtreme": (given) => {
      recordingReports.overrule(given);
      events.emit("annotationSets.changed", { dataset: given.dataset });
      return null;
    },
    "recordings.restoreExtreme": (given) => {
      recordingReports.restore(given);
      events.emit("annotationSets.changed", { dataset: given.dataset });
      return null;
    },
    "recordings.signal": ({ from, to, ...record }) => recordings.read("signal", record, { from, to }),
    "recordings.envelope": ({ dataset, record, ...rest }) => recordings.read("envelope", { dataset, record }, rest),
    "recordings.denoised": ({ dataset, record, from, to, lead, ...settings }) =>
      recordings.read("denoised", { dataset, record }, { from, to, lead, settings }),
    "recordings.annotations": (query) => recordings.annotations(query),
    "recordings.tableBeats": ({ dataset, record, ...query }) =>
      recordings.read("tableBeats", { dataset, record }, query),
    "recordings.disagreements": (query) => recordings.disagreements(query),
    "recordings.rhythm": (query) => recordings.rhythm(query),
  };
}
