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

/** Makes SwiftShader the only GPU of this process, where Chromium has it. */
export function useSoftwareGpu(): void {
  if (process.platform !== "linux") return;
  const folder = FOLDERS.find((each) => existsSync(join(each, "vk_swiftshader_icd.json")));
  if (folder === undefined) return;
  process.env["VK_ICD_FILENAMES"] = join(folder, "vk_swiftshader_icd.json");
  process.env["ECTOPY_ALLOW_SOFTWARE_GPU"] = "1";
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
