// The Node addon: as it loads, it registers the ops with the TensorFlow that the process has loaded already (by tfjs-node), and
// exports what was chosen: { target, width, threads }, and fillRows().
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

#include "../fill-rows.h"
#include "../kernels.h"
#include "../node-api.h"
#include "../pool.h"
#include "op.h"
#include "ops.h"

namespace ectopy {
namespace {

/** @throws OpError */
void registerOps() {
  const char* requested = std::getenv("ECTOPY_KERNEL_WIDTH");
  const int width = requested == nullptr ? 0 : std::atoi(requested);
  if (chooseKernels(width) == nullptr) {
    throw OpError("This processor has no vectors of " + std::to_string(width) + " floats (ECTOPY_KERNEL_WIDTH).");
  }
  registerRecurrentOps();
  registerConv1d();
  registerNormalize();
  registerDropout();
}

/** Once a process, however many of its threads load the addon. @returns what went wrong, or nothing */
const std::string& registeredOnce() {
  static std::once_flag once;
  static std::string failure;
  std::call_once(once, [] {
    try {
      registerOps();
    } catch (const OpError& error) {
      failure = error.message();
    }
  });
  return failure;
}

}  // namespace
}  // namespace ectopy

extern "C" ECTOPY_EXPORT int32_t node_api_module_get_api_version_v1() { return 8; }

extern "C" ECTOPY_EXPORT napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  const std::string& failure = ectopy::registeredOnce();
  if (!failure.empty()) {
    napi_throw_error(env, nullptr, failure.c_str());
    return nullptr;
  }
  napi_value value;
  const char* name = ectopy::kernels().name;
  if (napi_create_string_utf8(env, name, std::strlen(name), &value) == 0) {
    napi_set_named_property(env, exports, "target", value);
  }
  if (napi_create_int32(env, ectopy::kernels().width, &value) == 0) napi_set_named_property(env, exports, "width", value);
  if (napi_create_int32(env, ectopy::threadCount(), &value) == 0) napi_set_named_property(env, exports, "threads", value);
  if (napi_create_function(env, "fillRows", std::strlen("fillRows"), ectopy::fillRows, nullptr, &value) == 0) {
    napi_set_named_property(env, exports, "fillRows", value);
  }
  return exports;
}
