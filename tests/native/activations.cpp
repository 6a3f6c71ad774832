// Compares the activations of native/activations.h with double precision, also at infinities and NaN. Prints the
// largest relative errors: `exponential E sigmoid E tanh E`.
#include <cmath>
#include <cstdio>
#include <initializer_list>

#include "activations.h"

using namespace ECTOPY_TARGET;

namespace {

double relative(Vec got, double expected) { return std::fabs(double{got[0]} / expected - 1); }

}  // namespace

int main() {
  double exponentials = 0, sigmoids = 0, tanhs = 0;
  for (double at = -87; at < 88; at += 1e-3) {
    const float x = static_cast<float>(at);
    const double exact = std::exp(double{x});
    exponentials = std::fmax(exponentials, relative(exponential(broadcast(x)), exact));
    sigmoids = std::fmax(sigmoids, relative(ECTOPY_TARGET::sigmoid(broadcast(x)), exact / (1 + exact)));
  }
  for (double at = 1e-7; at < 20; at *= 1.00003) {
    for (const float x : {static_cast<float>(at), static_cast<float>(-at)}) {
      tanhs = std::fmax(tanhs, relative(ECTOPY_TARGET::tanh(broadcast(x)), std::tanh(double{x})));
    }
  }
  std::printf("exponential %g sigmoid %g tanh %g\n", exponentials, sigmoids, tanhs);
  const float infinity = INFINITY, nan = NAN;
  const bool ends = ECTOPY_TARGET::sigmoid(broadcast(infinity))[0] == 1 &&
                    ECTOPY_TARGET::sigmoid(broadcast(-infinity))[0] < 1e-37f &&
                    std::fabs(ECTOPY_TARGET::tanh(broadcast(-infinity))[0] + 1) < 1e-6f &&
                    std::isnan(ECTOPY_TARGET::sigmoid(broadcast(nan))[0]) &&
                    std::isnan(ECTOPY_TARGET::tanh(broadcast(nan))[0]);
  return ends ? 0 : 1;
}
