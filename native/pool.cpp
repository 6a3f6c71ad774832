#include "pool.h"

#include <atomic>
#include <cstdint>
#include <new>

#include "platform.h"

namespace ectopy {
namespace {

#if defined(__wasm__)
// A module has one caller, whose flag is that of all its threads; threads that JavaScript starts have no local variables.
#define ECTOPY_THREAD_LOCAL
#else
#define ECTOPY_THREAD_LOCAL thread_local
#endif

/** Of the operation that this thread works for. */
ECTOPY_THREAD_LOCAL const volatile int32_t* interruption = nullptr;

/** Rounds of waiting before a thread sleeps: some 20 µs. Operations of a step follow one another faster than that. */
constexpr int kSpins = 1000;

/**
 * A round's parts are taken by whichever thread comes first, the caller among them: where a helper has no core, the caller
 * does its parts, and never waits for a thread that has not begun.
 *
 * Round and remaining parts are one number, so that a helper that comes late, with the work of an earlier round, takes
 * nothing.
 */
class Pool {
 public:
  explicit Pool(int threads) : helpers_(threads - 1) {
    for (int i = 0; i < helpers_; i++) startThread([](void* pool) { static_cast<Pool*>(pool)->serve(); }, this);
  }

  void run(ptrdiff_t count, void (*work)(void*, ptrdiff_t), void* context) {
    if (helpers_ == 0 || count <= 1) {
      for (ptrdiff_t i = 0; i < count && !isInterrupted(); i++) work(context, i);
      return;
    }
    lockCallers();
    const uint32_t round = round_.load(std::memory_order_relaxed) + 1, parts = static_cast<uint32_t>(count);
    work_.store(work, std::memory_order_relaxed);
    context_.store(context, std::memory_order_relaxed);
    interruption_.store(interruption, std::memory_order_relaxed);
    done_.store(0, std::memory_order_relaxed);
    remaining_.store(uint64_t{round} << 32 | parts, std::memory_order_release);
    round_.store(round, std::memory_order_seq_cst);
    if (sleepers_.load(std::memory_order_seq_cst) > 0) wakeAll(round_);
    takeParts(round);
    waitForParts(parts);
    unlockCallers();
  }

 private:
  void takeParts(uint32_t round) {
    // Read before a part is taken: the caller changes them only after the last part of the round.
    void (*const work)(void*, ptrdiff_t) = work_.load(std::memory_order_relaxed);
    void* const context = context_.load(std::memory_order_relaxed);
    interruption = interruption_.load(std::memory_order_relaxed);
    uint64_t remaining = remaining_.load(std::memory_order_acquire);
    while (remaining >> 32 == round && static_cast<uint32_t>(remaining) > 0) {
      if (!remaining_.compare_exchange_weak(remaining, remaining - 1, std::memory_order_acq_rel)) continue;
      if (!isInterrupted()) work(context, static_cast<uint32_t>(remaining) - 1);
      done_.fetch_add(1, std::memory_order_seq_cst);
      if (callerSleeps_.load(std::memory_order_seq_cst) > 0) wakeAll(done_);
      remaining = remaining_.load(std::memory_order_acquire);
    }
  }

  /** Waits for the parts that helpers have taken. */
  void waitForParts(uint32_t parts) {
    int spins = 0;
    uint32_t done;
    while ((done = done_.load(std::memory_order_acquire)) < parts) {
      if (++spins < kSpins) {
        relax();
        continue;
      }
      callerSleeps_.store(1, std::memory_order_seq_cst);
      if (done_.load(std::memory_order_seq_cst) == done) sleepWhile(done_, done);
      callerSleeps_.store(0, std::memory_order_relaxed);
    }
  }

  void serve() {
    uint32_t seen = 0;
    for (;;) {
      int spins = 0;
      uint32_t round;
      while ((round = round_.load(std::memory_order_acquire)) == seen) {
        if (++spins < kSpins) {
          relax();
          continue;
        }
        sleepers_.fetch_add(1, std::memory_order_seq_cst);
        sleepWhile(round_, seen);
        sleepers_.fetch_sub(1, std::memory_order_relaxed);
      }
      seen = round;
      takeParts(round);
    }
  }

  void lockCallers() {
    while (busy_.exchange(1, std::memory_order_acquire) != 0) {
      waitingCallers_.fetch_add(1, std::memory_order_seq_cst);
      sleepWhile(busy_, 1);
      waitingCallers_.fetch_sub(1, std::memory_order_relaxed);
    }
  }

  void unlockCallers() {
    busy_.store(0, std::memory_order_seq_cst);
    if (waitingCallers_.load(std::memory_order_seq_cst) > 0) wakeAll(busy_);
  }

  const int helpers_;
  std::atomic<uint32_t> busy_{0}, waitingCallers_{0};
  /** Number of the current work; helpers sleep on it. */
  alignas(64) std::atomic<uint32_t> round_{0};
  std::atomic<uint32_t> sleepers_{0};
  std::atomic<void (*)(void*, ptrdiff_t)> work_{nullptr};
  std::atomic<void*> context_{nullptr};
  std::atomic<const volatile int32_t*> interruption_{nullptr};
  alignas(64) std::atomic<uint64_t> remaining_{0};
  alignas(64) std::atomic<uint32_t> done_{0};
  std::atomic<uint32_t> callerSleeps_{0};
};

}  // namespace

int threadCount() {
  static const int count = chosenThreads();
  return count;
}

void setInterruption(const volatile int32_t* flag) { interruption = flag; }

bool isInterrupted() { return interruption != nullptr && __atomic_load_n(interruption, __ATOMIC_RELAXED) != 0; }

void parallelFor(ptrdiff_t count, void (*work)(void*, ptrdiff_t), void* context) {
  // Never destroyed: its threads end with the process, whatever they wait for.
  alignas(Pool) static unsigned char place[sizeof(Pool)];
  static Pool* const pool = new (place) Pool(threadCount());
  pool->run(count, work, context);
}

}  // namespace ectopy
