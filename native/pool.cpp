#include "pool.h"

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#if defined(__linux__)
#include <sched.h>
#endif

namespace ectopy {
namespace {

int usableCores() {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  const unsigned cores = std::thread::hardware_concurrency();
  return cores > 0 ? static_cast<int>(cores) : 1;
}

int requestedThreads() {
  const char* requested = std::getenv("ECTOPY_KERNEL_THREADS");
  const int count = requested == nullptr ? 0 : std::atoi(requested);
  return count > 0 ? count : usableCores();
}

class Pool {
 public:
  explicit Pool(int threads) {
    for (int i = 1; i < threads; i++) std::thread([this] { serve(); }).detach();
    helpers_ = threads - 1;
  }

  void run(ptrdiff_t count, void (*work)(void*, ptrdiff_t), void* context) {
    if (helpers_ == 0 || count <= 1) {
      for (ptrdiff_t i = 0; i < count; i++) work(context, i);
      return;
    }
    std::lock_guard<std::mutex> oneAtATime(callers_);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      work_ = work;
      context_ = context;
      count_ = count;
      next_.store(0, std::memory_order_relaxed);
      busy_ = helpers_;
      round_++;
    }
    begin_.notify_all();
    takeParts();
    std::unique_lock<std::mutex> lock(mutex_);
    end_.wait(lock, [this] { return busy_ == 0; });
  }

 private:
  void takeParts() {
    for (;;) {
      const ptrdiff_t i = next_.fetch_add(1, std::memory_order_relaxed);
      if (i >= count_) return;
      work_(context_, i);
    }
  }

  void serve() {
    unsigned long seen = 0;
    for (;;) {
      {
        std::unique_lock<std::mutex> lock(mutex_);
        begin_.wait(lock, [&] { return round_ != seen; });
        seen = round_;
      }
      takeParts();
      std::lock_guard<std::mutex> lock(mutex_);
      if (--busy_ == 0) end_.notify_one();
    }
  }

  std::mutex callers_, mutex_;
  std::condition_variable begin_, end_;
  void (*work_)(void*, ptrdiff_t) = nullptr;
  void* context_ = nullptr;
  ptrdiff_t count_ = 0;
  std::atomic<ptrdiff_t> next_{0};
  int helpers_ = 0;
  int busy_ = 0;
  unsigned long round_ = 0;
};

}  // namespace

int threadCount() {
  static const int count = requestedThreads();
  return count;
}

void parallelFor(ptrdiff_t count, void (*work)(void*, ptrdiff_t), void* context) {
  // Never destroyed: its threads end with the process, whatever they wait for.
  static Pool* const pool = new Pool(threadCount());
  pool->run(count, work, context);
}

}  // namespace ectopy
