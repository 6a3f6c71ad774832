// The Node addon of the engine, without TensorFlow. Exports { target, width, threads } of the chosen kernels, and
// openProgram(), runProgram(), alignment(), fillRows().
#include <cstdlib>
#include <cstring>

#if defined(_WIN32)
#include <windows.h>
#else
#include <dlfcn.h>
#endif

#include "fill-rows.h"
#include "kernels.h"
#include "node-arguments.h"
#include "pool.h"
#include "program.h"
#include "workspace.h"

namespace ectopy {
namespace {

void closeProgram(napi_env, void* program, void*) { ectopy_program_close(static_cast<EctopyProgram*>(program)); }

/** openProgram(words: Int32Array): program */
napi_value openProgram(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    const NodeArguments<1> given(env, info);
    const auto words = spanOf<int32_t>(env, given.values[0]);
    const char* problem = nullptr;
    EctopyProgram* const program = ectopy_program_open(words.data, static_cast<size_t>(words.size), &problem);
    if (program == nullptr) throw ArgumentError{problem};
    napi_value result = nullptr;
    napi_create_external(env, program, closeProgram, nullptr, &result);
    return result;
  });
}

/** runProgram(program, state, feed, scratch: Float32Array, steps: number, cancel: Int32Array): number of steps */
napi_value runProgram(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    const NodeArguments<6> given(env, info);
    void* program = nullptr;
    if (napi_get_value_external(env, given.values[0], &program) != 0) throw ArgumentError{"runProgram: no program"};
    const auto state = spanOf<float>(env, given.values[1]), feed = spanOf<float>(env, given.values[2]);
    const auto scratch = spanOf<float>(env, given.values[3]);
    const int64_t steps = integerOf(env, given.values[4]);
    const auto cancel = spanOf<int32_t>(env, given.values[5]);
    if (steps < 0 || steps > INT32_MAX || cancel.size < 1) throw ArgumentError{"runProgram: no steps or no flag"};
    const EctopyMemory memory{
        state.data,   static_cast<size_t>(state.size),  feed.data, static_cast<size_t>(feed.size),
        scratch.data, static_cast<size_t>(scratch.size)};
    const int32_t done = ectopy_program_run(
        static_cast<EctopyProgram*>(program), &memory, static_cast<int32_t>(steps), cancel.data);
    if (done < 0) throw ArgumentError{"runProgram: the memory is too small or not aligned"};
    napi_value result = nullptr;
    napi_create_int32(env, done, &result);
    return result;
  });
}

/** alignment(floats: Float32Array): floats to skip, so that a view begins at a cache line */
napi_value alignment(napi_env env, napi_callback_info info) {
  return guarded(env, [&]() -> napi_value {
    const NodeArguments<1> given(env, info);
    const auto address = reinterpret_cast<uintptr_t>(spanOf<float>(env, given.values[0]).data);
    napi_value result = nullptr;
    napi_create_int32(env, static_cast<int32_t>((64 - address % 64) % 64 / sizeof(float)), &result);
    return result;
  });
}

/** allocatedBlocks(): number of blocks of working memory that have been allocated so far */
napi_value allocated(napi_env env, napi_callback_info) {
  napi_value result = nullptr;
  napi_create_int32(env, static_cast<int32_t>(allocatedBlocks()), &result);
  return result;
}

void addFunction(napi_env env, napi_value exports, const char* name, napi_callback function) {
  napi_value value;
  if (napi_create_function(env, name, std::strlen(name), function, nullptr, &value) == 0) {
    napi_set_named_property(env, exports, name, value);
  }
}

void addNumber(napi_env env, napi_value exports, const char* name, int32_t number) {
  napi_value value;
  if (napi_create_int32(env, number, &value) == 0) napi_set_named_property(env, exports, name, value);
}

/**
 * Keeps the addon in memory until the process ends. Node unloads an addon with the last of its threads that has loaded
 * it, while the pool's threads, which are never joined, still run its code.
 */
void keepLoaded() {
#if defined(_WIN32)
  constexpr DWORD flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN;
  HMODULE self = nullptr;
  GetModuleHandleExW(flags, reinterpret_cast<LPCWSTR>(&keepLoaded), &self);
#else
  Dl_info self;
  if (dladdr(reinterpret_cast<void*>(&keepLoaded), &self) == 0) return;
  dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
#endif
}

}  // namespace
}  // namespace ectopy

extern "C" ECTOPY_EXPORT int32_t node_api_module_get_api_version_v1() { return 8; }

extern "C" ECTOPY_EXPORT napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  ectopy::keepLoaded();
  const char* requested = std::getenv("ECTOPY_KERNEL_WIDTH");
  if (ectopy::chooseKernels(requested == nullptr ? 0 : std::atoi(requested)) == nullptr) {
    napi_throw_error(env, nullptr, "This processor has no vectors of the width that ECTOPY_KERNEL_WIDTH asks for.");
    return nullptr;
  }
  const ectopy::Kernels& kernels = ectopy::kernels();
  napi_value value;
  if (napi_create_string_utf8(env, kernels.name, std::strlen(kernels.name), &value) == 0) {
    napi_set_named_property(env, exports, "target", value);
  }
  ectopy::addNumber(env, exports, "width", kernels.width);
  ectopy::addNumber(env, exports, "threads", ectopy::threadCount());
  ectopy::addFunction(env, exports, "openProgram", ectopy::openProgram);
  ectopy::addFunction(env, exports, "runProgram", ectopy::runProgram);
  ectopy::addFunction(env, exports, "alignment", ectopy::alignment);
  ectopy::addFunction(env, exports, "allocatedBlocks", ectopy::allocated);
  ectopy::addFunction(env, exports, "fillRows", ectopy::fillRows);
  return exports;
}
