#include "../dropout.h"

#include "../kernels.h"
#include "op.h"
#include "ops.h"

namespace ectopy {
namespace {

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
    kernels().dropout(streamOf(seeds[0], seeds[1] + static_cast<int32_t>(number)), rate, count, x.data(), y.data(), nullptr);
  }
};

}  // namespace

void registerDropout() {
  registerOp<DropoutOp>(
      {"EctopyDropout", {"x: float", "seed: int32"}, {"y: float"}, {"rate: float", "number: int"}});
}

}  // namespace ectopy
