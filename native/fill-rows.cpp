#include "fill-rows.h"

#include "kernels.h"
#include "node-arguments.h"

namespace ectopy {
namespace {

/** @throws ArgumentError */
void fill(napi_env env, napi_callback_info info) {
  const NodeArguments<7> given(env, info);
  const int64_t length = integerOf(env, given.values[1]);
  if (length < 1) throw ArgumentError{"fillRows: no length"};
  const auto values = spanOf<float>(env, given.values[0]);
  const auto base = spanOf<uint32_t>(env, given.values[2]), neighbour = spanOf<uint32_t>(env, given.values[3]);
  const auto lambda = spanOf<float>(env, given.values[4]);
  const auto examples = spanOf<uint32_t>(env, given.values[5]);
  const auto out = spanOf<float>(env, given.values[6]);
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
  return guarded(env, [&]() -> napi_value {
    fill(env, info);
    return nullptr;
  });
}

}  // namespace ectopy
