#include "dropout.h"
#include "philox.h"

namespace ectopy {

/** As TensorFlow scrambles a seed of two numbers (tensorflow/core/kernels/stateless_random_ops.cc, GenerateKey). */
RandomStream streamOf(int32_t seed0, int32_t seed1) {
  const auto low = [](int32_t seed) { return static_cast<uint32_t>(seed); };
  // Widened as signed numbers are.
  const auto high = [](int32_t seed) { return seed < 0 ? ~uint32_t{0} : uint32_t{0}; };
  uint32_t mix[4] = {low(seed0), high(seed0), low(seed1), high(seed1)};
  philox(mix, 0x3ec8f720, 0x02461e29);
  return {{mix[0], mix[1]}, {mix[2], mix[3]}};
}

}  // namespace ectopy
