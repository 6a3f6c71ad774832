// Threads that share out the parts of one operation.
#pragma once

#include <cstddef>

namespace ectopy {

/** Returns the threads of the pool, the caller among them. */
int threadCount();

/**
 * Calls work(context, i) for each i from 0 to count - 1, on all threads, the caller's among them, and returns when all is done.
 * Who takes which part is left open: results must not depend on it. A second caller waits for the first.
 */
void parallelFor(ptrdiff_t count, void (*work)(void* context, ptrdiff_t i), void* context);

/** parallelFor() of a function object. */
template <typename Work>
static inline void parallelFor(ptrdiff_t count, Work&& work) {
  parallelFor(
      count, [](void* context, ptrdiff_t i) { (*static_cast<Work*>(context))(i); }, &work);
}

}  // namespace ectopy
