// The system of a WebAssembly module: one memory, which only grows, and threads that JavaScript starts.
#include "../platform.h"

#include <cstdlib>

#include "platform-wasm.h"

extern "C" {
/** Where the data of the linker and the first stack end. */
extern unsigned char __heap_base;

/** There is no C library. */
void abort() { __builtin_trap(); }
}

namespace ectopy {

namespace {

constexpr uintptr_t kLine = 64;
constexpr uintptr_t kPage = 65536;
constexpr int kMaxThreads = 64;

uintptr_t roundUp(uintptr_t value, uintptr_t multiple) { return (value + multiple - 1) / multiple * multiple; }

/** First free byte; 0 before the first allocation. */
std::atomic<uintptr_t> top{0};

struct Thread {
  /** Set when the work is known; the thread waits for it. */
  std::atomic<uint32_t> hasWork{0};
  void (*work)(void*) = nullptr;
  void* context = nullptr;
};

Thread started[kMaxThreads];
std::atomic<int> startedCount{0};
int threads = 1;

/** Makes the memory large enough. Another thread may make it larger meanwhile. */
void growTo(uintptr_t end) {
  while (__builtin_wasm_memory_size(0) * kPage < end) {
    const uintptr_t missing = end - __builtin_wasm_memory_size(0) * kPage;
    if (__builtin_wasm_memory_grow(0, roundUp(missing, kPage) / kPage) == static_cast<size_t>(-1)) abort();
  }
}

}  // namespace

/** A module serves one plan, and its memory is released with it: blocks of the pool's work are used again, not released. */
void* allocateLines(size_t bytes) {
  uintptr_t unset = 0;
  top.compare_exchange_strong(unset, roundUp(reinterpret_cast<uintptr_t>(&__heap_base), kLine));
  const uintptr_t size = roundUp(bytes, kLine);
  const uintptr_t from = top.fetch_add(size);
  if (from + size < from) abort();
  growTo(from + size);
  return reinterpret_cast<void*>(from);
}

void releaseLines(void*) {}

int chosenThreads() { return threads; }

void chooseThreads(int count) { threads = count < kMaxThreads ? count : kMaxThreads; }

void startThread(void (*work)(void*), void* context) {
  Thread& thread = started[startedCount.fetch_add(1)];
  thread.work = work;
  thread.context = context;
  thread.hasWork.store(1);
  wakeAll(thread.hasWork);
}

void runStartedThread(int index) {
  Thread& thread = started[index];
  while (thread.hasWork.load() == 0) sleepWhile(thread.hasWork, 0);
  thread.work(thread.context);
}

void sleepWhile(std::atomic<uint32_t>& value, uint32_t is) {
  __builtin_wasm_memory_atomic_wait32(reinterpret_cast<int*>(&value), static_cast<int>(is), -1);
}

void wakeAll(std::atomic<uint32_t>& value) {
  __builtin_wasm_memory_atomic_notify(reinterpret_cast<int*>(&value), 0x7fffffff);
}

}  // namespace ectopy
