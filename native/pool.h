// Threads that share out the parts of one operation.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ectopy {

/** Returns the threads of the pool, the caller among them. */
int threadCount();

/**
 * Calls work(context, i) for each i from 0 to count - 1, on all threads, the caller's among them, and returns when all is done.
 * Who takes which part is left open: results must not depend on it. A second caller waits for the first.
 */
void parallelFor(ptrdiff_t count, void (*work)(void* context, ptrdiff_t i), void* context);

/**
 * Sets the flag that interrupts the operations of this thread; null: none. While the flag is not 0, they leave out their
 * remaining parts: their results must be dropped. The flag may change from 0 at any time, and back between operations of
 * different programs only.
 */
void setInterruption(const volatile int32_t* flag);

/** Returns whether the operation that this thread works for is interrupted. */
bool isInterrupted();

/** parallelFor() of a function object. */
template <typename Work>
static inline void parallelFor(ptrdiff_t count, Work&& work) {
  parallelFor(
      count, [](void* context, ptrdiff_t i) { (*static_cast<Work*>(context))(i); }, &work);
}

}  // namespace ectopy
