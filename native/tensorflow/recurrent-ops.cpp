#include "../kernels.h"
#include "op.h"
#include "ops.h"

namespace ectopy {
namespace {

struct Lstm {
  static constexpr int64_t kColumns = 4;
  static constexpr bool kHasState = true;
  static std::vector<int64_t> biasShape(int64_t units) { return {4 * units}; }
  static void forward(const RecurrentForward& call) { kernels().lstm(call); }
  static void backward(const RecurrentBackward& call) { kernels().lstmGradient(call); }
};

struct Gru {
  static constexpr int64_t kColumns = 3;
  static constexpr bool kHasState = false;
  static std::vector<int64_t> biasShape(int64_t units) { return {2, 3 * units}; }
  static void forward(const RecurrentForward& call) { kernels().gru(call); }
  static void backward(const RecurrentBackward& call) { kernels().gruGradient(call); }
};

/** Checks the shapes that both directions read. @throws OpError */
template <typename Cell>
RecurrentShape shapeOf(const Tensor& x, const Tensor& kernel, const Tensor& recurrentKernel) {
  x.expectShape("x", {-1, -1, -1});
  recurrentKernel.expectShape("recurrent_kernel", {-1, -1});
  const int64_t units = recurrentKernel.shape()[0];
  recurrentKernel.expectShape("recurrent_kernel", {units, Cell::kColumns * units});
  kernel.expectShape("kernel", {x.shape()[2], Cell::kColumns * units});
  for (const int64_t size : {x.shape()[0], x.shape()[1], units}) {
    if (size == 0) throw OpError("A recurrent layer needs steps, rows and units.");
  }
  return {
      static_cast<ptrdiff_t>(x.shape()[0]), static_cast<ptrdiff_t>(x.shape()[1]), static_cast<ptrdiff_t>(x.shape()[2]),
      static_cast<ptrdiff_t>(units)};
}

/** Units rounded up to whole vectors. */
int64_t padded(int64_t units) {
  const int64_t width = kernels().width;
  return (units + width - 1) / width * width;
}

Shape gatesShape(const RecurrentShape& shape) { return {shape.time, shape.batch, 4, padded(shape.units)}; }

template <typename Cell>
Shape cellsShape(const RecurrentShape& shape) {
  if (!Cell::kHasState) return {0, 0, 0};
  return {shape.time, shape.batch, padded(shape.units)};
}

template <typename Cell>
class RecurrentOp {
 public:
  explicit RecurrentOp(const OpAttributes& attributes)
      : sequences_(attributes.boolean("sequences")), keep_(attributes.boolean("keep")) {}

  void compute(const OpContext& context) const {
    const Tensor x(context.input(0)), kernel(context.input(1)), recurrentKernel(context.input(2)), bias(context.input(3));
    const RecurrentShape shape = shapeOf<Cell>(x, kernel, recurrentKernel);
    bias.expectShape("bias", Cell::biasShape(shape.units));
    const bool hasSequence = sequences_ || keep_;
    const Tensor sequence(
        context.output(0, hasSequence ? Shape{shape.time, shape.batch, shape.units} : Shape{0, 0, 0}));
    const Tensor last(context.output(1, {shape.batch, shape.units}));
    const Tensor gates(context.output(2, keep_ ? gatesShape(shape) : Shape{0, 0, 0, 0}));
    const Tensor cells(context.output(3, keep_ ? cellsShape<Cell>(shape) : Shape{0, 0, 0}));
    RecurrentForward call;
    call.shape = shape;
    call.x = x.data();
    call.kernel = kernel.data();
    call.recurrentKernel = recurrentKernel.data();
    call.bias = bias.data();
    call.sequence = hasSequence ? sequence.data() : nullptr;
    call.last = last.data();
    call.gates = keep_ ? gates.data() : nullptr;
    call.cells = keep_ ? cells.data() : nullptr;
    Cell::forward(call);
  }

 private:
  const bool sequences_, keep_;
};

template <typename Cell>
class RecurrentGradOp {
 public:
  explicit RecurrentGradOp(const OpAttributes& attributes)
      : sequences_(attributes.boolean("sequences")) {}

  void compute(const OpContext& context) const {
    const Tensor x(context.input(0)), kernel(context.input(1)), recurrentKernel(context.input(2));
    const Tensor sequence(context.input(3)), gates(context.input(4)), cells(context.input(5)), dy(context.input(6));
    const RecurrentShape shape = shapeOf<Cell>(x, kernel, recurrentKernel);
    sequence.expectShape("sequence", Shape{shape.time, shape.batch, shape.units});
    gates.expectShape("gates", gatesShape(shape));
    cells.expectShape("cells", cellsShape<Cell>(shape));
    dy.expectShape("dy", sequences_ ? sequence.shape() : Shape{shape.batch, shape.units});
    const Tensor dx(context.output(0, x.shape()));
    const Tensor dKernel(context.output(1, kernel.shape())), dRecurrentKernel(context.output(2, recurrentKernel.shape()));
    const Tensor dBias(context.output(3, Cell::biasShape(shape.units)));
    RecurrentBackward call;
    call.shape = shape;
    call.x = x.data();
    call.kernel = kernel.data();
    call.recurrentKernel = recurrentKernel.data();
    call.sequence = sequence.data();
    call.gates = gates.data();
    call.cells = cells.data();
    call.dSequence = sequences_ ? dy.data() : nullptr;
    call.dLast = sequences_ ? nullptr : dy.data();
    call.dx = dx.data();
    call.dKernel = dKernel.data();
    call.dRecurrentKernel = dRecurrentKernel.data();
    call.dBias = dBias.data();
    Cell::backward(call);
  }

 private:
  const bool sequences_;
};

template <typename Cell>
void registerCell(const char* name, const char* gradientName) {
  registerOp<RecurrentOp<Cell>>({
      name,
      {"x: float", "kernel: float", "recurrent_kernel: float", "bias: float"},
      {"sequence: float", "last: float", "gates: float", "cells: float"},
      {"sequences: bool", "keep: bool"},
  });
  registerOp<RecurrentGradOp<Cell>>({
      gradientName,
      {"x: float", "kernel: float", "recurrent_kernel: float", "sequence: float", "gates: float", "cells: float", "dy: float"},
      {"dx: float", "d_kernel: float", "d_recurrent_kernel: float", "d_bias: float"},
      {"sequences: bool"},
  });
}

}  // namespace

void registerRecurrentOps() {
  registerCell<Lstm>("EctopyLstm", "EctopyLstmGrad");
  registerCell<Gru>("EctopyGru", "EctopyGruGrad");
}

}  // namespace ectopy
