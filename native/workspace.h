// Memory for values within one operation. Blocks that have been given back are used again, so that steps after the first
// allocate nothing.
#pragma once

#include <cstddef>

namespace ectopy {

/** Takes a block of at least `count` floats, aligned to a cache line; its values are not set. @param capacity its floats */
float* takeFloats(ptrdiff_t count, ptrdiff_t* capacity);

/** Gives a block back. Null is allowed. */
void giveFloats(float* block, ptrdiff_t capacity);

/** Allocates what the operations so far need if each is shared out among this number of threads. */
void reserveBlocks(ptrdiff_t threads);

/** Returns the number of blocks that have been allocated so far. */
ptrdiff_t allocatedBlocks();

}  // namespace ectopy
