/**
 * A GPU for tests: Chromium brings SwiftShader, which computes as a GPU would, on the processor, and the loader of Vulkan.
 * Dawn finds the loader by its name alone, so it is loaded here by its path, and stays.
 */
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { listAdapters, loadWebgpuBackend, type WebgpuBackend } from "../../src/engine/backends/webgpu/webgpu.ts";

export const NO_GPU = "no GPU: neither a device nor Chromium's SwiftShader was found";

const FOLDERS = ["/usr/lib/chromium", join(import.meta.dirname, "../../node_modules/electron/dist")];
/** Of the C library: the loader is no addon, so Node would close it again. */
const RTLD_NODELETE = 0x1000;

/** Returns the folder of SwiftShader; null where Chromium lacks it. */
function softwareFolder(): string | null {
  if (process.platform !== "linux") return null;
  return FOLDERS.find((each) => existsSync(join(each, "vk_swiftshader_icd.json"))) ?? null;
}

/** Returns an environment in which SwiftShader is the only GPU of a process; empty where Chromium lacks it. */
export function softwareGpuEnvironment(): Record<string, string> {
  const folder = softwareFolder();
  if (folder === null) return {};
  return { ...driverEnvironment(folder), LD_LIBRARY_PATH: folder };
}

function driverEnvironment(folder: string): Record<string, string> {
  return { VK_ICD_FILENAMES: join(folder, "vk_swiftshader_icd.json"), ECTOPY_ALLOW_SOFTWARE_GPU: "1" };
}

/** Makes SwiftShader the only GPU of this process. */
function useSoftwareGpu(): void {
  const folder = softwareFolder();
  if (folder === null) return;
  Object.assign(process.env, driverEnvironment(folder));
  try {
    process.dlopen({ exports: {} }, join(folder, "libvulkan.so.1"), constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch {
    // It is no addon.
  }
}

/** Returns a backend on SwiftShader, or on a GPU where SwiftShader is missing; null without both. */
export function loadTestGpu(): WebgpuBackend | null {
  useSoftwareGpu();
  const [adapter] = listAdapters();
  return adapter === undefined ? null : loadWebgpuBackend(adapter);
}
