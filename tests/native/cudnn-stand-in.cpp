// CudnnRNNV3 and its gradient for the CPU, in place of cuDNN's, so that a graph recorded for a GPU runs without one.
// Written from NVIDIA's equations (cudnnRNNForward) and its order of weights (cudnnGetRNNWeightParams), one layer in
// one direction:
//
//   LSTM  i, f, o = σ(W x + R h + bW + bR);  c' = tanh(W x + R h + bW + bR);  c = f ∘ c₋₁ + i ∘ c';  h = o ∘ tanh(c)
//         matrices in the order i, f, c', o
//   GRU   i, r = σ(W x + R h + bW + bR);  h' = tanh(W x + bW + r ∘ (R h + bR));  h = (1 − i) ∘ h' + i ∘ h₋₁
//         matrices in the order r, i, h'
//
// All W [units, channels], then all R [units, units], then all bW, then all bR. The sums are plain, in double
// precision. CUDNN_STAND_IN=exchanged exchanges the first two gates, like a library that computes something else.
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "node-api.h"
#include "op.h"

extern "C" {
void TF_OpKernelConstruction_GetAttrString(TF_OpKernelConstruction*, const char* name, char* value, size_t max, TF_Status*);
}

namespace {

using ectopy::OpContext;
using ectopy::OpError;
using ectopy::Shape;
using ectopy::Status;
using ectopy::Tensor;

constexpr TF_DataType kInt8 = static_cast<TF_DataType>(6);

struct Sizes {
  size_t time, batch, channels, units;
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

bool exchanged() {
  const char* set = std::getenv("CUDNN_STAND_IN");
  return set != nullptr && std::strcmp(set, "exchanged") == 0;
}

/** Offsets of each gate's weights in the array of weights. */
template <typename Value>
struct Weights {
  Weights(Value* params, const Sizes& sizes, size_t gates) : params(params), sizes(sizes), gates(gates) {}

  size_t count() const { return gates * sizes.units * (sizes.channels + sizes.units + 2); }
  Value& w(size_t gate, size_t unit, size_t channel) const {
    return params[(position(gate) * sizes.units + unit) * sizes.channels + channel];
  }
  Value& r(size_t gate, size_t unit, size_t other) const {
    return params[gates * sizes.units * sizes.channels + (position(gate) * sizes.units + unit) * sizes.units + other];
  }
  Value& bW(size_t gate, size_t unit) const { return bias(position(gate) * sizes.units + unit); }
  Value& bR(size_t gate, size_t unit) const { return bias((gates + position(gate)) * sizes.units + unit); }

 private:
  Value& bias(size_t index) const {
    return params[gates * sizes.units * (sizes.channels + sizes.units) + index];
  }
  size_t position(size_t gate) const { return exchanged() && gate < 2 ? 1 - gate : gate; }

  Value* params;
  const Sizes sizes;
  const size_t gates;
};

/** Values of a step for each gate, in the cell's order: its output, and R h + bR, which the GRU's gradient needs. */
struct Step {
  std::vector<double> gate, ofState, cell;
};

class Cell {
 public:
  Cell(bool isLstm, const Sizes& sizes, const float* params)
      : isLstm(isLstm), gates(isLstm ? 4 : 3), sizes(sizes), weights(params, sizes, gates) {}

  /**
   * Computes one step of one row.
   * @param h previous state, c previous cell state (LSTM); both are replaced by the new ones
   */
  Step forward(const float* x, std::vector<double>& h, std::vector<double>& c) const {
    const size_t units = sizes.units;
    Step step{std::vector<double>(gates * units), std::vector<double>(gates * units), c};
    std::vector<double> ofInput(gates * units);
    for (size_t g = 0; g < gates; g++) {
      for (size_t u = 0; u < units; u++) {
        double input = weights.bW(g, u), state = weights.bR(g, u);
        for (size_t k = 0; k < sizes.channels; k++) input += static_cast<double>(weights.w(g, u, k)) * x[k];
        for (size_t k = 0; k < units; k++) state += weights.r(g, u, k) * h[k];
        ofInput[g * units + u] = input;
        step.ofState[g * units + u] = state;
      }
    }
    const auto sum = [&](size_t g, size_t u) { return ofInput[g * units + u] + step.ofState[g * units + u]; };
    for (size_t u = 0; u < units; u++) {
      double* gate = step.gate.data() + u;
      if (isLstm) {
        gate[0] = sigmoid(sum(0, u));
        gate[units] = sigmoid(sum(1, u));
        gate[2 * units] = std::tanh(sum(2, u));
        gate[3 * units] = sigmoid(sum(3, u));
        c[u] = gate[units] * c[u] + gate[0] * gate[2 * units];
        step.cell[u] = c[u];
        h[u] = gate[3 * units] * std::tanh(c[u]);
      } else {
        gate[0] = sigmoid(sum(0, u));
        gate[units] = sigmoid(sum(1, u));
        gate[2 * units] = std::tanh(ofInput[2 * units + u] + gate[0] * step.ofState[2 * units + u]);
        h[u] = (1 - gate[units]) * gate[2 * units] + gate[units] * h[u];
      }
    }
    return step;
  }

  /**
   * Computes the gradient of one step. @param before previous state, cellBefore previous cell state
   * @param dh, dc gradients by the new states; they are replaced by those by the previous states
   */
  void backward(
      const float* x,
      const Step& step,
      const std::vector<double>& before,
      const std::vector<double>& cellBefore,
      std::vector<double>& dh,
      std::vector<double>& dc,
      float* dx,
      const Weights<double>& d) const {
    const size_t units = sizes.units;
    // By W x + bW, and by R h + bR.
    std::vector<double> dInput(gates * units), dState(gates * units), dBefore(units);
    for (size_t u = 0; u < units; u++) {
      const double* gate = step.gate.data() + u;
      double* input = dInput.data() + u;
      double* state = dState.data() + u;
      if (isLstm) {
        const double i = gate[0], f = gate[units], g = gate[2 * units], o = gate[3 * units];
        const double tanhCell = std::tanh(step.cell[u]);
        const double dCell = dc[u] + dh[u] * o * (1 - tanhCell * tanhCell);
        input[0] = dCell * g * i * (1 - i);
        input[units] = dCell * cellBefore[u] * f * (1 - f);
        input[2 * units] = dCell * i * (1 - g * g);
        input[3 * units] = dh[u] * tanhCell * o * (1 - o);
        dc[u] = dCell * f;
        for (size_t k = 0; k < 4; k++) state[k * units] = input[k * units];
      } else {
        const double r = gate[0], i = gate[units], n = gate[2 * units];
        const double dNew = dh[u] * (1 - i) * (1 - n * n);
        input[0] = state[0] = dNew * step.ofState[2 * units + u] * r * (1 - r);
        input[units] = state[units] = dh[u] * (before[u] - n) * i * (1 - i);
        input[2 * units] = dNew;
        state[2 * units] = dNew * r;
        dBefore[u] = dh[u] * i;
      }
    }
    for (size_t g = 0; g < gates; g++) {
      for (size_t u = 0; u < units; u++) {
        const double byInput = dInput[g * units + u], byState = dState[g * units + u];
        d.bW(g, u) += byInput;
        d.bR(g, u) += byState;
        for (size_t k = 0; k < sizes.channels; k++) {
          d.w(g, u, k) += byInput * x[k];
          dx[k] += static_cast<float>(byInput * weights.w(g, u, k));
        }
        for (size_t k = 0; k < units; k++) {
          d.r(g, u, k) += byState * before[k];
          dBefore[k] += byState * weights.r(g, u, k);
        }
      }
    }
    dh = dBefore;
  }

  const bool isLstm;
  const size_t gates;

 private:
  const Sizes sizes;
  const Weights<const float> weights;
};

struct Attributes {
  explicit Attributes(TF_OpKernelConstruction* construction) {
    char mode[16] = {};
    Status status;
    TF_OpKernelConstruction_GetAttrString(construction, "rnn_mode", mode, sizeof(mode) - 1, status);
    status.check();
    isLstm = std::strcmp(mode, "lstm") == 0;
    if (!isLstm && std::strcmp(mode, "gru") != 0) throw OpError(std::string("no such cell: ") + mode);
    if (!ectopy::OpAttributes(construction).boolean("time_major")) throw OpError("the input is not time-major");
  }
  bool isLstm;
};

/** Checks the inputs that the operation and its gradient share. */
struct Inputs {
  Inputs(const OpContext& context, bool isLstm)
      : x(context.input(0)), h(context.input(1)), c(context.input(2)), params(context.input(3)), lengths(context.input(4)) {
    x.expectShape("input", {-1, -1, -1});
    const auto size = [](int64_t value) { return static_cast<size_t>(value); };
    h.expectShape("input_h", {1, x.shape()[1], -1});
    sizes = {size(x.shape()[0]), size(x.shape()[1]), size(x.shape()[2]), size(h.shape()[2])};
    if (isLstm) c.expectShape("input_c", h.shape());
    params.expectShape("params", {static_cast<int64_t>(Weights<const float>(nullptr, sizes, isLstm ? 4 : 3).count())});
    lengths.expectShape("sequence_lengths", {x.shape()[1]});
    for (size_t row = 0; row < sizes.batch; row++) {
      if (size(lengths.integers()[row]) != sizes.time) throw OpError("the sequences have different lengths");
    }
  }
  std::vector<double> stateOf(const Tensor& state, size_t row) const {
    const float* begin = state.data() + row * sizes.units;
    return std::vector<double>(begin, begin + sizes.units);
  }
  const float* xAt(size_t t, size_t row) const { return x.data() + (t * sizes.batch + row) * sizes.channels; }

  Tensor x, h, c, params, lengths;
  Sizes sizes{};
};

class Forward {
 public:
  explicit Forward(TF_OpKernelConstruction* construction)
      : attributes_(construction), training_(ectopy::OpAttributes(construction).boolean("is_training")) {}

  void compute(TF_OpKernelContext* raw) const {
    const OpContext context(raw);
    const Inputs inputs(context, attributes_.isLstm);
    const Sizes& sizes = inputs.sizes;
    const Cell cell(attributes_.isLstm, sizes, inputs.params.data());
    const Tensor output(context.output(0, {inputs.x.shape()[0], inputs.x.shape()[1], inputs.h.shape()[2]}));
    const Tensor lastHidden(context.output(1, inputs.h.shape()));
    const Tensor lastCell(context.output(2, attributes_.isLstm ? inputs.h.shape() : Shape{}));
    // Only a training stores something for the gradient, as in cuDNN.
    const Tensor reserve(context.output(3, {training_ ? 1 : 0}));
    if (training_) reserve.data()[0] = 1;
    Status status;
    const int64_t none = 0;
    TF_DeleteTensor(TF_AllocateOutput(raw, 4, kInt8, &none, 1, 0, status));
    status.check();
    for (size_t row = 0; row < sizes.batch; row++) {
      std::vector<double> h = inputs.stateOf(inputs.h, row), c(sizes.units);
      if (attributes_.isLstm) c = inputs.stateOf(inputs.c, row);
      for (size_t t = 0; t < sizes.time; t++) {
        cell.forward(inputs.xAt(t, row), h, c);
        for (size_t u = 0; u < sizes.units; u++) {
          output.data()[(t * sizes.batch + row) * sizes.units + u] = static_cast<float>(h[u]);
        }
      }
      for (size_t u = 0; u < sizes.units; u++) {
        lastHidden.data()[row * sizes.units + u] = static_cast<float>(h[u]);
        if (attributes_.isLstm) lastCell.data()[row * sizes.units + u] = static_cast<float>(c[u]);
      }
    }
  }

 private:
  const Attributes attributes_;
  const bool training_;
};

class Backward {
 public:
  explicit Backward(TF_OpKernelConstruction* construction) : attributes_(construction) {}

  void compute(TF_OpKernelContext* raw) const {
    const OpContext context(raw);
    const Inputs inputs(context, attributes_.isLstm);
    const Sizes& sizes = inputs.sizes;
    const size_t units = sizes.units;
    const Cell cell(attributes_.isLstm, sizes, inputs.params.data());
    const Tensor output(context.input(5)), lastHidden(context.input(6)), lastCell(context.input(7));
    const Tensor dOutput(context.input(8)), dLastHidden(context.input(9)), dLastCell(context.input(10));
    const Tensor reserve(context.input(11)), hostReserved(context.input(12));
    for (const Tensor* tensor : {&output, &dOutput}) {
      tensor->expectShape("output", {inputs.x.shape()[0], inputs.x.shape()[1], inputs.h.shape()[2]});
    }
    for (const Tensor* tensor : {&lastHidden, &dLastHidden}) tensor->expectShape("output_h", inputs.h.shape());
    for (const Tensor* tensor : {&lastCell, &dLastCell}) {
      if (attributes_.isLstm) tensor->expectShape("output_c", inputs.h.shape());
    }
    reserve.expectShape("reserve_space", {1});
    const Tensor dx(context.output(0, inputs.x.shape())), dh0(context.output(1, inputs.h.shape()));
    const Tensor dc0(context.output(2, inputs.c.shape())), dParams(context.output(3, inputs.params.shape()));
    std::vector<double> sums(static_cast<size_t>(inputs.params.shape()[0]));
    const Weights<double> d(sums.data(), sizes, cell.gates);
    std::memset(dx.data(), 0, sizes.time * sizes.batch * sizes.channels * sizeof(float));
    for (size_t row = 0; row < sizes.batch; row++) {
      std::vector<double> h = inputs.stateOf(inputs.h, row), c(units);
      if (attributes_.isLstm) c = inputs.stateOf(inputs.c, row);
      std::vector<std::vector<double>> states{h}, cells{c};
      std::vector<Step> steps;
      for (size_t t = 0; t < sizes.time; t++) {
        steps.push_back(cell.forward(inputs.xAt(t, row), h, c));
        states.push_back(h);
        cells.push_back(c);
      }
      std::vector<double> dh = inputs.stateOf(dLastHidden, row), dc(units);
      if (attributes_.isLstm) dc = inputs.stateOf(dLastCell, row);
      for (size_t t = sizes.time; t-- > 0;) {
        const size_t index = t * sizes.batch + row;
        for (size_t u = 0; u < units; u++) dh[u] += dOutput.data()[index * units + u];
        float* dInput = dx.data() + index * sizes.channels;
        cell.backward(inputs.xAt(t, row), steps[t], states[t], cells[t], dh, dc, dInput, d);
      }
      for (size_t u = 0; u < units; u++) {
        dh0.data()[row * units + u] = static_cast<float>(dh[u]);
        if (attributes_.isLstm) dc0.data()[row * units + u] = static_cast<float>(dc[u]);
      }
    }
    if (!attributes_.isLstm) dc0.data()[0] = 0;
    for (size_t i = 0; i < sums.size(); i++) dParams.data()[i] = static_cast<float>(sums[i]);
  }

 private:
  const Attributes attributes_;
};

template <typename Kernel>
void registerKernel(const char* op) {
  TF_KernelBuilder* builder = TF_NewKernelBuilder(
      op, "CPU",
      [](TF_OpKernelConstruction* construction) -> void* {
        try {
          return new Kernel(construction);
        } catch (const OpError& error) {
          ectopy::fail(construction, error.message());
          return nullptr;
        }
      },
      [](void* kernel, TF_OpKernelContext* context) {
        try {
          static_cast<const Kernel*>(kernel)->compute(context);
        } catch (const OpError& error) {
          ectopy::fail(context, error.message());
        }
      },
      [](void* kernel) { delete static_cast<Kernel*>(kernel); });
  Status status;
  TF_RegisterKernelBuilder((std::string("StandIn") + op).c_str(), builder, status);
  status.check();
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int32_t node_api_module_get_api_version_v1() { return 8; }

extern "C" __attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  try {
    registerKernel<Forward>("CudnnRNNV3");
    registerKernel<Backward>("CudnnRNNBackpropV3");
  } catch (const OpError& error) {
    napi_throw_error(env, nullptr, error.message());
    return nullptr;
  }
  return exports;
}
