/** Describes the adapters that Dawn lists, and chooses those that are offered. */
import type { DawnAdapterInfo } from "./dawn.ts";
import type { GpuAdapter } from "./protocol.ts";

/** Interfaces of drivers, the preferred first. Others (Direct3D 11, OpenGL) lack parts of WebGPU. */
const APIS: readonly string[] = ["metal", "d3d12", "vulkan"];

/** Names of programs that compute like a GPU on the processor. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|microsoft basic render|\bwarp\b/i;

/** Describes an adapter. @param name its name in Dawn's list */
export function describeAdapter(info: DawnAdapterInfo, api: string, name: string): GpuAdapter {
  const { vendor, architecture, device, description } = info;
  const all = [name, vendor, architecture, device, description].join(" ");
  return { api, name, vendor, architecture, description, software: info.isFallbackAdapter || SOFTWARE.test(all) };
}

/** Returns each device once, by the preferred interface of its driver; devices before software. */
export function offeredAdapters(adapters: readonly GpuAdapter[]): GpuAdapter[] {
  const preference = ({ api, software }: GpuAdapter): number => APIS.indexOf(api) + (software ? APIS.length : 0);
  const supported = adapters.filter(({ api }) => APIS.includes(api)).sort((a, b) => preference(a) - preference(b));
  return supported.filter(({ name }, i) => supported.findIndex((each) => each.name === name) === i);
}
