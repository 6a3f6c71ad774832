#include "workspace.h"

#include <atomic>
#include <cstdlib>
#include <cstring>

#include "platform.h"

namespace ectopy {
namespace {

/** Blocks of one size. Those that wait for their next use are a list: each holds the address of the next. */
struct SizeClass {
  ptrdiff_t capacity = 0;
  void* waiting = nullptr;
  /** Blocks that exist, are taken, and were taken at most at once. */
  ptrdiff_t total = 0, taken = 0, peak = 0;
};

/** Four sizes for each power of two: more than any memory has. */
constexpr int kClasses = 160;

class Workspace {
 public:
  float* take(ptrdiff_t count, ptrdiff_t* capacity) {
    const ptrdiff_t size = sizeOf(count);
    lock();
    SizeClass& of = classOf(size);
    of.taken++;
    if (of.taken > of.peak) of.peak = of.taken;
    void* block = of.waiting;
    if (block == nullptr) {
      of.total++;
    } else {
      std::memcpy(&of.waiting, block, sizeof of.waiting);
    }
    unlock();
    *capacity = size;
    return static_cast<float*>(block == nullptr ? allocate(size) : block);
  }

  void give(float* block, ptrdiff_t capacity) {
    lock();
    SizeClass& of = classOf(capacity);
    of.taken--;
    put(of, block);
    unlock();
  }

  /** Work that one thread did may be done by all threads at once the next time. */
  void reserve(ptrdiff_t threads) {
    lock();
    for (int i = 0; i < used_; i++) {
      SizeClass& of = classes_[i];
      for (; of.total < of.peak * threads; of.total++) put(of, allocate(of.capacity));
    }
    unlock();
  }

  ptrdiff_t allocated() {
    lock();
    ptrdiff_t count = 0;
    for (int i = 0; i < used_; i++) count += classes_[i].total;
    unlock();
    return count;
  }

 private:
  /** Sizes are rounded up to four classes for each power of two, so that blocks fit operations of similar sizes. */
  static ptrdiff_t sizeOf(ptrdiff_t count) {
    ptrdiff_t step = 64;
    while (count > 8 * step) step *= 2;
    return count <= step ? step : (count + step - 1) / step * step;
  }

  static void* allocate(ptrdiff_t floats) { return allocateLines(static_cast<size_t>(floats) * sizeof(float)); }

  static void put(SizeClass& of, void* block) {
    std::memcpy(block, &of.waiting, sizeof of.waiting);
    of.waiting = block;
  }

  SizeClass& classOf(ptrdiff_t size) {
    int i = 0;
    while (i < used_ && classes_[i].capacity != size) i++;
    if (i == kClasses) std::abort();
    if (i == used_) classes_[used_++].capacity = size;
    return classes_[i];
  }

  // Held for some nanoseconds only.
  void lock() {
    while (locked_.test_and_set(std::memory_order_acquire)) relax();
  }
  void unlock() { locked_.clear(std::memory_order_release); }

  std::atomic_flag locked_ = ATOMIC_FLAG_INIT;
  SizeClass classes_[kClasses];
  int used_ = 0;
};

/** Never destroyed: threads of the pool may use it until the process ends. */
Workspace workspace;

}  // namespace

float* takeFloats(ptrdiff_t count, ptrdiff_t* capacity) { return workspace.take(count, capacity); }

void giveFloats(float* block, ptrdiff_t capacity) {
  if (block != nullptr) workspace.give(block, capacity);
}

void reserveBlocks(ptrdiff_t threads) { workspace.reserve(threads); }

ptrdiff_t allocatedBlocks() { return workspace.allocated(); }

}  // namespace ectopy
