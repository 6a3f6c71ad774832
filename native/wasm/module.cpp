// Functions of the WebAssembly module (src/engine/backends/wasm.ts).
#include "../kernels.h"
#include "../platform.h"
#include "../program.h"
#include "platform-wasm.h"

#define ECTOPY_EXPORT(name) __attribute__((export_name(name)))

extern "C" {

ECTOPY_EXPORT("start") void start(int32_t threads) {
  ectopy::chooseThreads(threads);
  ectopy::chooseKernels(0);
}

ECTOPY_EXPORT("runThread") void runThread(int32_t index) { ectopy::runStartedThread(index); }

ECTOPY_EXPORT("allocate") void* allocate(size_t bytes) { return ectopy::allocateLines(bytes); }

/** @returns null where the words are no program */
ECTOPY_EXPORT("openProgram") EctopyProgram* openProgram(const int32_t* words, size_t count) {
  const char* problem;
  return ectopy_program_open(words, count, &problem);
}

ECTOPY_EXPORT("runProgram")
int32_t runProgram(
    EctopyProgram* program, const EctopyMemory* memory, int32_t steps, const volatile int32_t* cancel) {
  return ectopy_program_run(program, memory, steps, cancel);
}

}  // extern "C"
