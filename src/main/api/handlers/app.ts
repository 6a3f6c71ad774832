/** Handlers of the app itself, the machine, the settings and the jobs. */
import type { HealthOptions } from "../../../contract/domain/integrity.ts";
import { appInfo } from "../../services/hardware/app-info.ts";
import { changeCuda, findCuda } from "../../services/hardware/cuda-setup.ts";
import { listGpus } from "../../services/hardware/gpu.ts";
import { machineInfo } from "../../services/hardware/machine-info.ts";
import { workspaceInfo } from "../../services/workspace/workspace-info.ts";
import { readAuthorities } from "../../base/network/certificates.ts";
import { setLogLevel } from "../../base/logger.ts";
import { fullPath } from "../../base/user-path.ts";
import { withoutUndefined } from "../../base/without-undefined.ts";
import type { HandlerContext, HandlersOf } from "./handler-context.ts";

export function appHandlers({
  services,
  preferences,
}: HandlerContext): HandlersOf<"app" | "machine" | "workspace" | "log" | "files" | "settings"> {
  const { workspace, jobs, events } = services;
  return {
    "app.info": appInfo,
    "machine.info": async () => {
      const gpus = await listGpus();
      return machineInfo(await services.hardware.backends(gpus), await findCuda(gpus));
    },
    "machine.measure": ({ networks }) => ({
      job: jobs.start({ kind: "measure", title: "Benchmark" }, async (watch) => {
        await services.hardware.measureBackends(networks, watch);
        return null;
      }),
    }),
    "machine.installCuda": () => ({
      job: jobs.start({ kind: "install", title: "Installation of TensorFlow for NVIDIA GPUs" }, async (watch) => {
        await changeCuda("install", watch);
        return null;
      }),
    }),
    "machine.removeCuda": () => ({
      job: jobs.start({ kind: "install", title: "Removal of TensorFlow for NVIDIA GPUs" }, async (watch) => {
        await changeCuda("remove", watch);
        return null;
      }),
    }),
    "workspace.info": () => workspaceInfo(workspace.folder),
    "workspace.warnings": () => workspace.warnings,
    "workspace.check": (options) => ({
      job: jobs.start({ kind: "check", title: checkTitle(options) }, async (watch) => {
        await services.doctor.check(options, watch);
        return null;
      }),
    }),
    "workspace.health": () => services.doctor.latest,
    "workspace.bin": () => services.bin.contents(),
    "workspace.emptyBin": async () => ({ items: (await services.bin.empty()).length }),
    "log.read": (options) => services.log.read(options),
    "log.supportReport": () => services.log.supportReport(preferences.read()),
    "files.list": ({ folder }) => services.userFiles.list(folder === undefined ? undefined : fullPath(folder)),
    "files.check": ({ path, purpose }) => services.userFiles.check(fullPath(path), purpose),
    "settings.get": () => preferences.read(),
    "settings.set": async (change) => {
      // Empty: the folder `Ectopy` in the home folder.
      const workspace = change.workspace ? fullPath(change.workspace) : change.workspace;
      if (workspace) await services.userFiles.check(workspace, "workspace");
      const authorityFile = change.authorityFile ? fullPath(change.authorityFile) : change.authorityFile;
      if (authorityFile) {
        await services.userFiles.check(authorityFile, "file");
        readAuthorities(authorityFile);
      }
      preferences.write({ ...preferences.read(), ...withoutUndefined({ ...change, workspace, authorityFile }) });
      const settings = preferences.read();
      setLogLevel(settings.logLevel);
      events.emit("settings.changed", settings);
      return settings;
    },
  };
}

function checkTitle({ repair }: HealthOptions): string {
  return `Workspace ${repair ? "repair" : "check"}`;
}

export function jobHandlers({ services: { jobs } }: HandlerContext): HandlersOf<"jobs"> {
  return {
    "jobs.list": () => jobs.list(),
    "jobs.cancel": ({ job }) => {
      jobs.cancel(job);
      return null;
    },
    "jobs.dismiss": ({ job }) => {
      jobs.dismiss(job);
      return null;
    },
  };
}
