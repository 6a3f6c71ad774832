#include "dropout.h"

#include "kernels.h"
#include "op.h"
#include "philox.h"

namespace ectopy {
namespace {

/** As TensorFlow scrambles a seed of two numbers (tensorflow/core/kernels/stateless_random_ops.cc, GenerateKey). */
RandomStream streamOf(int32_t seed0, int32_t seed1) {
  const auto low = [](int32_t seed) { return static_cast<uint32_t>(seed); };
  // Widened as signed numbers are.
  const auto high = [](int32_t seed) { return seed < 0 ? ~uint32_t{0} : uint32_t{0}; };
  PhiloxCounters<1> mix{{{low(seed0)}, {high(seed0)}, {low(seed1)}, {high(seed1)}}};
  philox(mix, 0x3ec8f720, 0x02461e29);
  return {{mix.word[0][0], mix.word[1][0]}, {mix.word[2][0], mix.word[3][0]}};
}

struct DropoutOp {
  float rate;
  int64_t number;

  explicit DropoutOp(const OpAttributes& attributes)
      : rate(attributes.real("rate")), number(attributes.integer("number")) {
    if (!(rate >= 0 && rate < 1)) throw OpError("A rate of dropout is from 0 up to 1.");
  }

  void compute(const OpContext& context) const {
    const Tensor x(context.input(0)), seed(context.input(1));
    seed.expectShape("seed", {2});
    const Tensor y(context.output(0, x.shape()));
    const int32_t* seeds = seed.integers();
    ptrdiff_t count = 1;
    for (const int64_t size : x.shape()) count *= size;
    kernels().dropout(streamOf(seeds[0], seeds[1] + static_cast<int32_t>(number)), rate, count, x.data(), y.data());
  }
};

}  // namespace

void registerDropout() {
  registerOp<DropoutOp>(
      {"EctopyDropout", {"x: float", "seed: int32"}, {"y: float"}, {"rate: float", "number: int"}});
}

}  // namespace ectopy
