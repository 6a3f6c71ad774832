/** Type of the kernels of a plan on a GPU: each adds its dispatches to a list. */
import type { KernelArguments, KernelName } from "../../plan/kernels.ts";
import type { DispatchList, Slot } from "./dispatch-list.ts";

export type GpuKernels = {
  [Name in KernelName]: (args: KernelArguments<Name, Slot>, list: DispatchList) => void;
};
