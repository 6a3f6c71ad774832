// What differs from system to system: memory, threads, and waiting.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ectopy {

/** Allocates memory aligned to a cache line; ends the process where there is none. */
void* allocateLines(size_t bytes);
void releaseLines(void* memory);

/** Returns the number of threads to use: ECTOPY_KERNEL_THREADS, or the cores that this process may use. */
int chosenThreads();

/** Starts a thread that is never joined. */
void startThread(void (*work)(void*), void* context);

/** Tells the processor that a loop waits for another thread. */
static inline void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/** Sleeps while the value is this one; may return at any time. */
void sleepWhile(std::atomic<uint32_t>& value, uint32_t is);

/** Wakes all threads that sleep on the value. */
void wakeAll(std::atomic<uint32_t>& value);

}  // namespace ectopy
