#include "platform.h"

#include <cstdlib>
#include <thread>

#if defined(__linux__)
#include <linux/futex.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#elif defined(_WIN32)
#include <malloc.h>
#include <windows.h>
#else
#include <condition_variable>
#include <mutex>
#endif

namespace ectopy {

namespace {
constexpr size_t kLine = 64;
}

void* allocateLines(size_t bytes) {
#if defined(_WIN32)
  void* const memory = _aligned_malloc(bytes, kLine);
#else
  void* memory = nullptr;
  if (posix_memalign(&memory, kLine, bytes) != 0) memory = nullptr;
#endif
  // An exception would be one of the standard library's; there is no way on from here anyway.
  if (memory == nullptr) std::abort();
  return memory;
}

void releaseLines(void* memory) {
#if defined(_WIN32)
  _aligned_free(memory);
#else
  std::free(memory);
#endif
}

namespace {

int usableCores() {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  const unsigned cores = std::thread::hardware_concurrency();
  return cores > 0 ? static_cast<int>(cores) : 1;
}

}  // namespace

int chosenThreads() {
  const char* chosen = std::getenv("ECTOPY_KERNEL_THREADS");
  const int count = chosen == nullptr ? 0 : std::atoi(chosen);
  return count > 0 ? count : usableCores();
}

void startThread(void (*work)(void*), void* context) {
  std::thread([work, context] { work(context); }).detach();
}

#if defined(__linux__)

static_assert(sizeof(std::atomic<uint32_t>) == sizeof(uint32_t), "a futex is a plain number");

void sleepWhile(std::atomic<uint32_t>& value, uint32_t is) {
  syscall(SYS_futex, &value, FUTEX_WAIT_PRIVATE, is, nullptr, nullptr, 0);
}

void wakeAll(std::atomic<uint32_t>& value) {
  syscall(SYS_futex, &value, FUTEX_WAKE_PRIVATE, 0x7fffffff, nullptr, nullptr, 0);
}

#elif defined(_WIN32)

void sleepWhile(std::atomic<uint32_t>& value, uint32_t is) { WaitOnAddress(&value, &is, sizeof is, INFINITE); }

void wakeAll(std::atomic<uint32_t>& value) { WakeByAddressAll(&value); }

#else

namespace {
std::mutex mutex;
std::condition_variable changed;
}  // namespace

void sleepWhile(std::atomic<uint32_t>& value, uint32_t is) {
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock, [&] { return value.load(std::memory_order_acquire) != is; });
}

void wakeAll(std::atomic<uint32_t>&) {
  // Locked, so that no thread is between its check and its wait.
  std::lock_guard<std::mutex> lock(mutex);
  changed.notify_all();
}

#endif

}  // namespace ectopy
