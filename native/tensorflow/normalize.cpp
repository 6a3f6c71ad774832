#include "../normalize.h"

#include "../kernels.h"
#include "op.h"
#include "ops.h"

namespace ectopy {
namespace {

SequenceShape sequenceShape(const Tensor& x) {
  x.expectShape("x", {-1, -1, -1});
  const SequenceShape s{x.shape()[0], x.shape()[1], x.shape()[2]};
  if (s.batch < 1 || s.time < 1 || s.channels < 1) throw OpError("There is nothing to normalise.");
  return s;
}

struct MomentsOp {
  explicit MomentsOp(const OpAttributes&) {}

  void compute(const OpContext& context) const {
    const Tensor x(context.input(0));
    const SequenceShape s = sequenceShape(x);
    const Tensor mean(context.output(0, {s.channels})), variance(context.output(1, {s.channels}));
    kernels().moments(s, x.data(), mean.data(), variance.data());
  }
};

/** Mean, variance, gamma and beta: four inputs in this order. */
class NormalizationInputs {
 public:
  NormalizationInputs(const OpContext& context, int first, float epsilon, int64_t channels)
      : mean_(context.input(first)),
        variance_(context.input(first + 1)),
        gamma_(context.input(first + 2)),
        beta_(context.input(first + 3)),
        epsilon_(epsilon) {
    mean_.expectShape("mean", {channels});
    variance_.expectShape("variance", {channels});
    gamma_.expectShape("gamma", {channels});
    beta_.expectShape("beta", {channels});
  }
  Normalization get() const { return {{mean_.data(), variance_.data()}, gamma_.data(), beta_.data(), epsilon_}; }

 private:
  Tensor mean_, variance_, gamma_, beta_;
  float epsilon_;
};

/** The gradients of x, gamma and beta: three outputs in this order. */
class GradientOutputs {
 public:
  GradientOutputs(const OpContext& context, const SequenceShape& s)
      : x_(context.output(0, {s.batch, s.time, s.channels})),
        gamma_(context.output(1, {s.channels})),
        beta_(context.output(2, {s.channels})) {}
  NormalizationGradients get() const { return {x_.data(), gamma_.data(), beta_.data()}; }

 private:
  Tensor x_, gamma_, beta_;
};

struct NormalizeOpBase {
  float epsilon;
  int64_t pool;

  explicit NormalizeOpBase(const OpAttributes& attributes)
      : epsilon(attributes.real("epsilon")), pool(attributes.integer("pool")) {
    if (pool < 1) throw OpError("Pooling takes 1 time or more.");
  }
};

struct NormalizeOp : NormalizeOpBase {
  using NormalizeOpBase::NormalizeOpBase;

  void compute(const OpContext& context) const {
    const Tensor x(context.input(0));
    const SequenceShape s = sequenceShape(x);
    const NormalizationInputs normalization(context, 1, epsilon, s.channels);
    const Tensor y(context.output(0, {s.batch, s.time / pool, s.channels}));
    kernels().normalize(s, pool, normalization.get(), x.data(), y.data());
  }
};

struct NormalizeGradOp : NormalizeOpBase {
  using NormalizeOpBase::NormalizeOpBase;

  void compute(const OpContext& context) const {
    const Tensor dy(context.input(0)), x(context.input(1));
    const SequenceShape s = sequenceShape(x);
    dy.expectShape("dy", {s.batch, s.time / pool, s.channels});
    const NormalizationInputs normalization(context, 2, epsilon, s.channels);
    const GradientOutputs gradients(context, s);
    kernels().normalizeGrad(s, pool, normalization.get(), dy.data(), x.data(), gradients.get());
  }
};

struct NormalizeAverageOp {
  float epsilon;
  explicit NormalizeAverageOp(const OpAttributes& attributes) : epsilon(attributes.real("epsilon")) {}

  void compute(const OpContext& context) const {
    const Tensor x(context.input(0));
    const SequenceShape s = sequenceShape(x);
    const NormalizationInputs normalization(context, 1, epsilon, s.channels);
    const Tensor y(context.output(0, {s.batch, s.channels})), means(context.output(1, {s.batch, s.channels}));
    kernels().normalizeAverage(s, normalization.get(), x.data(), y.data(), means.data());
  }
};

struct NormalizeAverageGradOp {
  float epsilon;
  explicit NormalizeAverageGradOp(const OpAttributes& attributes) : epsilon(attributes.real("epsilon")) {}

  void compute(const OpContext& context) const {
    const Tensor dy(context.input(0)), x(context.input(1)), means(context.input(2));
    const SequenceShape s = sequenceShape(x);
    dy.expectShape("dy", {s.batch, s.channels});
    means.expectShape("means", {s.batch, s.channels});
    const NormalizationInputs normalization(context, 3, epsilon, s.channels);
    const GradientOutputs gradients(context, s);
    kernels().normalizeAverageGrad(s, normalization.get(), dy.data(), x.data(), means.data(), gradients.get());
  }
};

}  // namespace

void registerNormalize() {
  registerOp<MomentsOp>({"EctopyMoments", {"x: float"}, {"mean: float", "variance: float"}, {}});
  registerOp<NormalizeOp>(
      {"EctopyNormalize",
       {"x: float", "mean: float", "variance: float", "gamma: float", "beta: float"},
       {"y: float"},
       {"epsilon: float", "pool: int"}});
  registerOp<NormalizeGradOp>(
      {"EctopyNormalizeGrad",
       {"dy: float", "x: float", "mean: float", "variance: float", "gamma: float", "beta: float"},
       {"dx: float", "dgamma: float", "dbeta: float"},
       {"epsilon: float", "pool: int"}});
  registerOp<NormalizeAverageOp>(
      {"EctopyNormalizeAverage",
       {"x: float", "mean: float", "variance: float", "gamma: float", "beta: float"},
       {"y: float", "means: float"},
       {"epsilon: float"}});
  registerOp<NormalizeAverageGradOp>(
      {"EctopyNormalizeAverageGrad",
       {"dy: float", "x: float", "means: float", "mean: float", "variance: float", "gamma: float", "beta: float"},
       {"dx: float", "dgamma: float", "dbeta: float"},
       {"epsilon: float"}});
}

}  // namespace ectopy
