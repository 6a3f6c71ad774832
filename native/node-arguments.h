// Arguments of functions that JavaScript calls.
#pragma once

#include "node-api.h"

namespace ectopy {

/** What is wrong with the arguments; becomes a RangeError. */
struct ArgumentError {
  const char* message;
};

template <int Count>
struct NodeArguments {
  napi_value values[Count];

  /** @throws ArgumentError */
  NodeArguments(napi_env env, napi_callback_info info) {
    size_t count = Count;
    if (napi_get_cb_info(env, info, &count, values, nullptr, nullptr) != 0 || count < Count) {
      throw ArgumentError{"arguments are missing"};
    }
  }
};

template <typename Value>
struct Span {
  Value* data;
  ptrdiff_t size;
};

/** napi_typedarray_type */
constexpr int typeOf(const float*) { return 7; }
constexpr int typeOf(const uint32_t*) { return 6; }
constexpr int typeOf(const int32_t*) { return 5; }

/** Returns the values of a typed array. @throws ArgumentError */
template <typename Value>
static inline Span<Value> spanOf(napi_env env, napi_value value) {
  int type = 0;
  size_t size = 0, offset = 0;
  void* data = nullptr;
  napi_value buffer;
  const bool found = napi_get_typedarray_info(env, value, &type, &size, &data, &buffer, &offset) == 0;
  if (!found || type != typeOf(static_cast<Value*>(nullptr))) throw ArgumentError{"an array of another kind"};
  return {static_cast<Value*>(data), static_cast<ptrdiff_t>(size)};
}

/** @throws ArgumentError */
static inline int64_t integerOf(napi_env env, napi_value value) {
  int64_t number = 0;
  if (napi_get_value_int64(env, value, &number) != 0) throw ArgumentError{"a number is missing"};
  return number;
}

/** Calls work, and throws its ArgumentError in JavaScript. */
template <typename Work>
static inline napi_value guarded(napi_env env, Work&& work) {
  try {
    return work();
  } catch (const ArgumentError& error) {
    napi_throw_range_error(env, nullptr, error.message);
    return nullptr;
  }
}

}  // namespace ectopy
