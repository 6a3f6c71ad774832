#include "workspace.h"

#include <atomic>
#include <cstdlib>

#include "platform.h"

namespace ectopy {
namespace {

struct Block {
  float* data;
  ptrdiff_t capacity;
};

/** Blocks that wait for their next use: more than all operations of a step hold at once. */
constexpr int kWaiting = 512;

class Workspace {
 public:
  float* take(ptrdiff_t count, ptrdiff_t* capacity) {
    const ptrdiff_t size = classOf(count);
    lock();
    for (int i = used_ - 1; i >= 0; i--) {
      if (waiting_[i].capacity != size) continue;
      float* const found = waiting_[i].data;
      waiting_[i] = waiting_[--used_];
      unlock();
      *capacity = size;
      return found;
    }
    allocated_++;
    unlock();
    *capacity = size;
    return static_cast<float*>(allocateLines(static_cast<size_t>(size) * sizeof(float)));
  }

  void give(float* block, ptrdiff_t capacity) {
    lock();
    const bool fits = used_ < kWaiting;
    if (fits) waiting_[used_++] = {block, capacity};
    unlock();
    if (!fits) releaseLines(block);
  }

  ptrdiff_t allocated() {
    lock();
    const ptrdiff_t count = allocated_;
    unlock();
    return count;
  }

 private:
  /** Sizes are rounded up to four classes for each power of two, so that blocks fit operations of similar sizes. */
  static ptrdiff_t classOf(ptrdiff_t count) {
    ptrdiff_t step = 64;
    while (count > 8 * step) step *= 2;
    return (count + step - 1) / step * step;
  }

  // Held for some nanoseconds only.
  void lock() {
    while (locked_.test_and_set(std::memory_order_acquire)) relax();
  }
  void unlock() { locked_.clear(std::memory_order_release); }

  std::atomic_flag locked_ = ATOMIC_FLAG_INIT;
  Block waiting_[kWaiting];
  int used_ = 0;
  ptrdiff_t allocated_ = 0;
};

/** Never destroyed: threads of the pool may use it until the process ends. */
Workspace workspace;

}  // namespace

float* takeFloats(ptrdiff_t count, ptrdiff_t* capacity) { return workspace.take(count, capacity); }

void giveFloats(float* block, ptrdiff_t capacity) {
  if (block != nullptr) workspace.give(block, capacity);
}

ptrdiff_t allocatedBlocks() { return workspace.allocated(); }

}  // namespace ectopy
