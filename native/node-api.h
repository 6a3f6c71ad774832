// What is used of Node-API (node_api.h), whose functions never change: so the addon is built without Node's headers.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

struct napi_env__;
struct napi_value__;
using napi_env = napi_env__*;
using napi_value = napi_value__*;
/** 0: no error. */
using napi_status = int;

napi_status napi_create_int32(napi_env, int32_t value, napi_value* result);
napi_status napi_create_string_utf8(napi_env, const char* text, size_t length, napi_value* result);
napi_status napi_set_named_property(napi_env, napi_value object, const char* name, napi_value value);
napi_status napi_throw_error(napi_env, const char* code, const char* message);

}  // extern "C"
