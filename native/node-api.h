// What is used of Node-API (node_api.h), whose functions never change: so the addon is built without Node's headers.
#pragma once

#include <cstddef>
#include <cstdint>

/** Marks what Node looks for in the addon; everything else is hidden. */
#if defined(_WIN32)
#define ECTOPY_EXPORT __declspec(dllexport)
#else
#define ECTOPY_EXPORT __attribute__((visibility("default")))
#endif

extern "C" {

struct napi_env__;
struct napi_value__;
struct napi_callback_info__;
using napi_env = napi_env__*;
using napi_value = napi_value__*;
using napi_callback_info = napi_callback_info__*;
using napi_callback = napi_value (*)(napi_env, napi_callback_info);
using napi_finalize = void (*)(napi_env, void* data, void* hint);
/** 0: no error. */
using napi_status = int;

napi_status napi_create_int32(napi_env, int32_t value, napi_value* result);
napi_status napi_create_string_utf8(napi_env, const char* text, size_t length, napi_value* result);
napi_status napi_set_named_property(napi_env, napi_value object, const char* name, napi_value value);
napi_status napi_create_function(
    napi_env, const char* name, size_t length, napi_callback, void* data, napi_value* result);
napi_status napi_create_external(napi_env, void* data, napi_finalize, void* hint, napi_value* result);
napi_status napi_get_value_external(napi_env, napi_value, void** result);
napi_status napi_get_cb_info(
    napi_env, napi_callback_info, size_t* argc, napi_value* argv, napi_value* thisArgument, void** data);
napi_status napi_get_value_int64(napi_env, napi_value, int64_t* result);
napi_status napi_get_typedarray_info(
    napi_env, napi_value, int* type, size_t* length, void** data, napi_value* arrayBuffer, size_t* byteOffset);
napi_status napi_throw_range_error(napi_env, const char* code, const char* message);
napi_status napi_throw_error(napi_env, const char* code, const char* message);

}  // extern "C"
