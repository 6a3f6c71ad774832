#pragma once

#include "node-api.h"

namespace ectopy {

/**
 * For JavaScript: fillRows(values, length, base, neighbour, lambda, examples, out), typed arrays but for the length. Throws where one is of another
 * kind or too short, or where an example or a neighbour does not exist.
 */
napi_value fillRows(napi_env env, napi_callback_info info);

}  // namespace ectopy
