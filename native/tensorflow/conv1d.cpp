#include "../conv1d.h"

#include "../kernels.h"
#include "op.h"
#include "ops.h"

namespace ectopy {
namespace {

/** Outputs of a convolution, and zeros before the first time, as TensorFlow counts them for SAME and VALID. */
struct Conv1dOp {
  int64_t stride;
  bool same, relu;

  explicit Conv1dOp(const OpAttributes& attributes)
      : stride(attributes.integer("stride")), same(attributes.boolean("same")), relu(attributes.boolean("relu")) {
    if (stride < 1) throw OpError("A convolution's stride is 1 or more.");
  }

  Conv1dShape shape(const Tensor& x, const Tensor& kernel) const {
    x.expectShape("x", {-1, -1, -1});
    kernel.expectShape("kernel", {-1, x.shape()[2], -1});
    Conv1dShape s{};
    s.batch = x.shape()[0];
    s.time = x.shape()[1];
    s.in = x.shape()[2];
    s.taps = kernel.shape()[0];
    s.out = kernel.shape()[2];
    s.stride = stride;
    s.relu = relu;
    const int64_t windows = same ? s.time : s.time - s.taps + 1;
    s.outTime = (windows + stride - 1) / stride;
    if (s.batch < 1 || s.in < 1 || s.out < 1 || s.taps < 1 || windows < 1) {
      throw OpError("A convolution needs at least one beat, channel, tap and window.");
    }
    const int64_t zeros = (s.outTime - 1) * stride + s.taps - s.time;
    s.before = same && zeros > 0 ? zeros / 2 : 0;
    return s;
  }
};

struct Conv1dForwardOp : Conv1dOp {
  using Conv1dOp::Conv1dOp;

  void compute(const OpContext& context) const {
    const Tensor x(context.input(0)), kernel(context.input(1)), bias(context.input(2));
    const Conv1dShape s = shape(x, kernel);
    bias.expectShape("bias", {s.out});
    const Tensor y(context.output(0, {s.batch, s.outTime, s.out}));
    kernels().conv1d(s, x.data(), kernel.data(), bias.data(), y.data());
  }
};

struct Conv1dGradOp : Conv1dOp {
  bool inputGradient;

  explicit Conv1dGradOp(const OpAttributes& attributes)
      : Conv1dOp(attributes), inputGradient(attributes.boolean("input_gradient")) {}

  void compute(const OpContext& context) const {
    const Tensor dy(context.input(0)), x(context.input(1)), kernel(context.input(2)), y(context.input(3));
    const Conv1dShape s = shape(x, kernel);
    dy.expectShape("dy", {s.batch, s.outTime, s.out});
    y.expectShape("y", {s.batch, s.outTime, s.out});
    const Tensor dx(context.output(0, inputGradient ? x.shape() : Shape{0}));
    const Tensor dKernel(context.output(1, kernel.shape())), dBias(context.output(2, {s.out}));
    const Conv1dGradients gradients{inputGradient ? dx.data() : nullptr, dKernel.data(), dBias.data()};
    kernels().conv1dGrad(s, dy.data(), x.data(), kernel.data(), y.data(), gradients);
  }
};

}  // namespace

void registerConv1d() {
  registerOp<Conv1dForwardOp>(
      {"EctopyConv1D",
       {"x: float", "kernel: float", "bias: float"},
       {"y: float"},
       {"stride: int", "same: bool", "relu: bool"}});
  registerOp<Conv1dGradOp>(
      {"EctopyConv1DGrad",
       {"dy: float", "x: float", "kernel: float", "y: float"},
       {"dx: float", "dkernel: float", "dbias: float"},
       {"stride: int", "same: bool", "relu: bool", "input_gradient: bool"}});
}

}  // namespace ectopy
