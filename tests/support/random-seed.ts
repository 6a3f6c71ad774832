/** Seeds of tests that use new random numbers in each run. The name of such a test contains its seed. */

/** ECTOPY_TEST_SEED repeats a run. */
export function randomSeed(): number {
  return Number(process.env["ECTOPY_TEST_SEED"] ?? Math.floor(Math.random() * 1_000_000));
}

export const NO_PROC = "only Linux lists processes in /proc";
