// A program of a plan (src/engine/plan), as the plan's encoder writes it, and its execution. Plain C, so that an addon, a
// WebAssembly module and tests use it alike.
#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

typedef struct EctopyProgram EctopyProgram;

/** Three memories of float32, each aligned to a cache line. */
typedef struct {
  /** Weights, gradients, slots: kept from step to step. */
  float* state;
  size_t stateFloats;
  /** Inputs and results: one copy after another for each step. */
  float* feed;
  size_t feedFloats;
  float* scratch;
  size_t scratchFloats;
} EctopyMemory;

/**
 * Reads a program. The words are copied.
 * @param problem receives a sentence where the words are no program
 * @returns null then
 */
EctopyProgram* ectopy_program_open(const int32_t* words, size_t count, const char** problem);

void ectopy_program_close(EctopyProgram* program);

/**
 * Runs a block of steps, each with its own copy of the feed.
 * @param cancel null, or a flag that another thread sets to anything but 0: no further step begins, and the current step is
 *   dropped unless it has begun to update the weights. The state is then that of the last completed step. The flag stays
 *   set until the function has returned.
 * @returns number of completed steps, or -1 where the memory is too small or not aligned
 */
int32_t ectopy_program_run(
    EctopyProgram* program, const EctopyMemory* memory, int32_t steps, const volatile int32_t* cancel);

#if defined(__cplusplus)
}
#endif
