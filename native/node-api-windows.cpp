// Node-API on Windows: the functions are looked up in the program that loads the addon, node.exe or the app's own. An import
// library would name one program for all.
#if defined(_WIN32)

#include <windows.h>

#include <cstdlib>

#include "node-api.h"

namespace {

/** Returns a function of the running program; ends the process where it is missing: the program is no host of Node-API. */
template <typename Function>
Function* functionOfHost(const char* name) {
  const FARPROC found = GetProcAddress(GetModuleHandleW(nullptr), name);
  if (found == nullptr) std::abort();
  return reinterpret_cast<Function*>(reinterpret_cast<void*>(found));
}

}  // namespace

/** Defines a function of node-api.h that calls the host's. */
#define ECTOPY_FORWARD(name, parameters, arguments)                                \
  napi_status name parameters {                                                    \
    static const auto function = functionOfHost<napi_status parameters>(#name);    \
    return function arguments;                                                     \
  }

extern "C" {

ECTOPY_FORWARD(napi_create_int32, (napi_env env, int32_t value, napi_value* result), (env, value, result))
ECTOPY_FORWARD(
    napi_create_string_utf8, (napi_env env, const char* text, size_t length, napi_value* result),
    (env, text, length, result))
ECTOPY_FORWARD(
    napi_set_named_property, (napi_env env, napi_value object, const char* name, napi_value value),
    (env, object, name, value))
ECTOPY_FORWARD(
    napi_create_function,
    (napi_env env, const char* name, size_t length, napi_callback callback, void* data, napi_value* result),
    (env, name, length, callback, data, result))
ECTOPY_FORWARD(
    napi_create_external, (napi_env env, void* data, napi_finalize finalize, void* hint, napi_value* result),
    (env, data, finalize, hint, result))
ECTOPY_FORWARD(napi_get_value_external, (napi_env env, napi_value value, void** result), (env, value, result))
ECTOPY_FORWARD(
    napi_get_cb_info,
    (napi_env env, napi_callback_info info, size_t* argc, napi_value* argv, napi_value* thisArgument, void** data),
    (env, info, argc, argv, thisArgument, data))
ECTOPY_FORWARD(napi_get_value_int64, (napi_env env, napi_value value, int64_t* result), (env, value, result))
ECTOPY_FORWARD(
    napi_get_typedarray_info,
    (napi_env env, napi_value value, int* type, size_t* length, void** data, napi_value* arrayBuffer,
     size_t* byteOffset),
    (env, value, type, length, data, arrayBuffer, byteOffset))
ECTOPY_FORWARD(
    napi_throw_range_error, (napi_env env, const char* code, const char* message), (env, code, message))
ECTOPY_FORWARD(napi_throw_error, (napi_env env, const char* code, const char* message), (env, code, message))

}  // extern "C"

#endif
