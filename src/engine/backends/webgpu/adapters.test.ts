import { expect, it } from "vitest";
import { describeAdapter, offeredAdapters } from "./adapters.ts";
import type { GpuAdapter } from "./protocol.ts";

const info = { vendor: "", architecture: "", device: "", description: "", isFallbackAdapter: false };
const adapter = (api: string, name: string): GpuAdapter => describeAdapter(info, api, name);

it("offers each device once, by the best interface of its driver", () => {
  const all = [
    adapter("vulkan", "Radeon"),
    adapter("d3d11", "Radeon"),
    adapter("d3d12", "Radeon"),
    adapter("opengl", "Old"),
    adapter("vulkan", "Arc"),
  ];
  expect(offeredAdapters(all).map(({ api, name }) => `${api} ${name}`)).toEqual(["d3d12 Radeon", "vulkan Arc"]);
});

it("offers software last", () => {
  const all = [adapter("d3d12", "Microsoft Basic Render Driver"), adapter("vulkan", "Arc")];
  expect(offeredAdapters(all).map(({ name }) => name)).toEqual(["Arc", "Microsoft Basic Render Driver"]);
});

it.each([
  ["by its name", { ...info }, "SwiftShader Device (Subzero)"],
  ["by its driver", { ...info, description: "Mesa llvmpipe (LLVM 15)" }, "GPU"],
  ["by its architecture", { ...info, architecture: "warp" }, "GPU"],
  ["by its fallback flag", { ...info, isFallbackAdapter: true }, "GPU"],
])("recognizes software %s", (_, described, name) => {
  expect(describeAdapter(described, "vulkan", name).software).toBe(true);
});

it("takes no GPU for software", () => {
  expect(describeAdapter({ ...info, vendor: "apple", architecture: "metal-3" }, "metal", "Apple M2").software).toBe(
    false,
  );
});
