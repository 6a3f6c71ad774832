#include "fill-rows.h"

#include "kernels.h"

namespace ectopy {
namespace {

/** What is wrong with the arguments. */
struct ArgumentError {
  const char* message;
};

template <typename Value>
struct Span {
  Value* data;
  ptrdiff_t size;
};

/** napi_typedarray_type */
constexpr int kUint32 = 6, kFloat32 = 7;
constexpr int typeOf(const float*) { return kFloat32; }
constexpr int typeOf(const uint32_t*) { return kUint32; }

/** @throws ArgumentError */
template <typename Value>
Span<Value> span(napi_env env, napi_value value) {
  int type = 0;
  size_t size = 0, offset = 0;
  void* data = nullptr;
  napi_value buffer;
  const bool found = napi_get_typedarray_info(env, value, &type, &size, &data, &buffer, &offset) == 0;
  if (!found || type != typeOf(static_cast<Value*>(nullptr))) throw ArgumentError{"fillRows: an array of another kind"};
  return {static_cast<Value*>(data), static_cast<ptrdiff_t>(size)};
}

/** @throws ArgumentError */
void fill(napi_env env, napi_callback_info info) {
  constexpr size_t kArguments = 7;
  size_t count = kArguments;
  napi_value given[kArguments];
  int64_t length = 0;
  if (napi_get_cb_info(env, info, &count, given, nullptr, nullptr) != 0 || count < kArguments) {
    throw ArgumentError{"fillRows: arguments are missing"};
  }
  if (napi_get_value_int64(env, given[1], &length) != 0 || length < 1) throw ArgumentError{"fillRows: no length"};
  const auto values = span<float>(env, given[0]);
  const auto base = span<uint32_t>(env, given[2]), neighbour = span<uint32_t>(env, given[3]);
  const auto lambda = span<float>(env, given[4]);
  const auto examples = span<uint32_t>(env, given[5]);
  const auto out = span<float>(env, given[6]);
  const SyntheticRows rows{values.data, length, values.size / length, base.data, neighbour.data, lambda.data};
  if (out.size < examples.size * length) throw ArgumentError{"fillRows: the output is too short"};
  for (ptrdiff_t i = 0; i < examples.size; i++) {
    if (examples.data[i] < rows.real) continue;
    const ptrdiff_t synthetic = examples.data[i] - rows.real;
    const bool there = synthetic < base.size && synthetic < neighbour.size && synthetic < lambda.size &&
                       base.data[synthetic] < rows.real && neighbour.data[synthetic] < rows.real;
    if (!there) throw ArgumentError{"fillRows: there is no such beat"};
  }
  kernels().fillRows(rows, examples.data, examples.size, out.data);
}

}  // namespace

napi_value fillRows(napi_env env, napi_callback_info info) {
  try {
    fill(env, info);
  } catch (const ArgumentError& error) {
    napi_throw_range_error(env, nullptr, error.message);
  }
  return nullptr;
}

}  // namespace ectopy
