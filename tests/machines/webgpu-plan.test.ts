/** Plans on a GPU, on SwiftShader: compared with the step op by op. tests/integration/plan.test.ts has the processor's. */
import { testBackends } from "../support/plan-backends.ts";
import { loadTestGpu, NO_GPU } from "../support/software-gpu.ts";

testBackends([{ name: "WebGPU", load: loadTestGpu, missing: NO_GPU }]);
