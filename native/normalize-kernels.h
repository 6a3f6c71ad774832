// Batch normalisation, its pooling and their gradients (normalize.h). Beats are shared out among the threads; what is summed over
// beats is summed in their order, in double precision.
#pragma once

#include "normalize.h"
#include "pool.h"
#include "rows.h"

namespace ECTOPY_TARGET {

/** sums [channels] = Σ x over time. */
static inline void sumOverTime(const float* x, Index time, Index channels, float* sums) {
  fillZeros(sums, channels);
  Index t = 0;
  // Four rows at once, so that the sums are fetched less often.
  for (; t + 4 <= time; t += 4) {
    const float* row = x + t * channels;
    for (Index c = 0; c < channels; c += kWidth) {
      const Index count = channels - c;
      const Vec pair = loadUpTo(row + c, count) + loadUpTo(row + channels + c, count);
      const Vec other = loadUpTo(row + 2 * channels + c, count) + loadUpTo(row + 3 * channels + c, count);
      storeUpTo(sums + c, loadUpTo(sums + c, count) + (pair + other), count);
    }
  }
  for (; t < time; t++) {
    for (Index c = 0; c < channels; c += kWidth) {
      const Index count = channels - c;
      storeUpTo(sums + c, loadUpTo(sums + c, count) + loadUpTo(x + t * channels + c, count), count);
    }
  }
}

static void moments(const ectopy::SequenceShape& s, const float* x, float* mean, float* variance) {
  const Index channels = s.channels;
  Floats means(s.batch * channels), squares(s.batch * channels);
  ectopy::parallelFor(s.batch, [&](Index beat) {
    const float* of = x + beat * s.time * channels;
    float* m = means.data() + beat * channels;
    float* q = squares.data() + beat * channels;
    sumOverTime(of, s.time, channels, m);
    for (Index c = 0; c < channels; c++) m[c] /= static_cast<float>(s.time);
    fillZeros(q, channels);
    for (Index t = 0; t < s.time; t++) {
      for (Index c = 0; c < channels; c += kWidth) {
        const Index count = channels - c;
        const Vec distance = loadUpTo(of + t * channels + c, count) - loadUpTo(m + c, count);
        storeUpTo(q + c, loadUpTo(q + c, count) + distance * distance, count);
      }
    }
  });
  // The variance within the beats, and that of their means (Chan, Golub & LeVeque 1979).
  const auto beats = static_cast<double>(s.batch), times = static_cast<double>(s.time);
  for (Index c = 0; c < channels; c++) {
    double sum = 0, within = 0, between = 0;
    for (Index beat = 0; beat < s.batch; beat++) sum += means.data()[beat * channels + c];
    for (Index beat = 0; beat < s.batch; beat++) {
      const double distance = means.data()[beat * channels + c] - sum / beats;
      within += squares.data()[beat * channels + c];
      between += distance * distance;
    }
    mean[c] = static_cast<float>(sum / beats);
    variance[c] = static_cast<float>(within / (beats * times) + between / beats);
  }
}

/** What a channel is multiplied with, and what is added. */
class Affine {
 public:
  Affine(const ectopy::Normalization& n, Index channels) : scales_(channels), shifts_(channels) {
    for (Index c = 0; c < channels; c++) {
      const float scale = n.gamma[c] / __builtin_sqrtf(n.statistics.variance[c] + n.epsilon);
      scales_.data()[c] = scale;
      shifts_.data()[c] = n.beta[c] - n.statistics.mean[c] * scale;
    }
  }
  const float* scales() const { return scales_.data(); }
  const float* shifts() const { return shifts_.data(); }

 private:
  Floats scales_, shifts_;
};

static void normalize(
    const ectopy::SequenceShape& s, Index pool, const ectopy::Normalization& n, const float* x, float* y) {
  const Affine affine(n, s.channels);
  const Index outTime = s.time / pool;
  ectopy::parallelFor(s.batch, [&](Index beat) {
    const float* row = x + beat * s.time * s.channels;
    float* to = y + beat * outTime * s.channels;
    for (Index t = 0; t < outTime; t++, row += pool * s.channels, to += s.channels) {
      for (Index c = 0; c < s.channels; c += kWidth) {
        const Index count = s.channels - c;
        const Vec scale = loadUpTo(affine.scales() + c, count), shift = loadUpTo(affine.shifts() + c, count);
        Vec largest = loadUpTo(row + c, count) * scale + shift;
        for (Index p = 1; p < pool; p++) {
          const Vec other = loadUpTo(row + p * s.channels + c, count) * scale + shift;
          largest = other > largest ? other : largest;
        }
        storeUpTo(to + c, largest, count);
      }
    }
  });
}

/**
 * Σ dy and Σ dy · (x − mean) over all rows bring the gradients of gamma and beta, and what the statistics bring to that of x:
 * dx = scale · dy + slope · x + level.
 */
class StatisticsGradient {
 public:
  StatisticsGradient(Index channels, Index parts)
      : channels_(channels), parts_(parts), sums_(2 * parts * channels), slopes_(channels), levels_(channels) {
    fillZeros(sums_.data(), 2 * parts * channels);
  }

  /** Σ dy of a part, and Σ dy · (x − mean), to be filled. */
  float* sums(Index part) { return sums_.data() + 2 * part * channels_; }
  float* products(Index part) { return sums(part) + channels_; }

  void finish(const ectopy::Normalization& n, Index rows, float* gamma, float* beta) {
    const auto count = static_cast<double>(rows);
    for (Index c = 0; c < channels_; c++) {
      double sum = 0, product = 0;
      for (Index part = 0; part < parts_; part++) {
        sum += sums(part)[c];
        product += products(part)[c];
      }
      const double variance = static_cast<double>(n.statistics.variance[c]) + n.epsilon;
      const double inverse = 1 / __builtin_sqrt(variance), scale = n.gamma[c] * inverse;
      const double slope = -scale * product / (variance * count);
      gamma[c] = static_cast<float>(product * inverse);
      beta[c] = static_cast<float>(sum);
      slopes_.data()[c] = static_cast<float>(slope);
      levels_.data()[c] = static_cast<float>(-scale * sum / count - slope * n.statistics.mean[c]);
    }
  }
  const float* slopes() const { return slopes_.data(); }
  const float* levels() const { return levels_.data(); }

 private:
  Index channels_, parts_;
  Floats sums_, slopes_, levels_;
};

static void normalizeGrad(
    const ectopy::SequenceShape& s,
    Index pool,
    const ectopy::Normalization& n,
    const float* dy,
    const float* x,
    const ectopy::NormalizationGradients& gradients) {
  const Index channels = s.channels, outTime = s.time / pool;
  const Affine affine(n, channels);
  StatisticsGradient through(channels, s.batch);
  ectopy::parallelFor(s.batch, [&](Index beat) {
    const float* row = x + beat * s.time * channels;
    const float* from = dy + beat * outTime * channels;
    float* sums = through.sums(beat);
    float* products = through.products(beat);
    for (Index t = 0; t < outTime; t++, row += pool * channels, from += channels) {
      for (Index c = 0; c < channels; c += kWidth) {
        const Index count = channels - c;
        const Vec scale = loadUpTo(affine.scales() + c, count), shift = loadUpTo(affine.shifts() + c, count);
        Vec chosen = loadUpTo(row + c, count), largest = chosen * scale + shift;
        for (Index p = 1; p < pool; p++) {
          const Vec other = loadUpTo(row + p * channels + c, count), value = other * scale + shift;
          chosen = value > largest ? other : chosen;
          largest = value > largest ? value : largest;
        }
        const Vec d = loadUpTo(from + c, count);
        const Vec distance = chosen - loadUpTo(n.statistics.mean + c, count);
        storeUpTo(sums + c, loadUpTo(sums + c, count) + d, count);
        storeUpTo(products + c, loadUpTo(products + c, count) + d * distance, count);
      }
    }
  });
  through.finish(n, s.batch * s.time, gradients.gamma, gradients.beta);
  ectopy::parallelFor(s.batch, [&](Index beat) {
    const float* row = x + beat * s.time * channels;
    const float* from = dy + beat * outTime * channels;
    float* to = gradients.x + beat * s.time * channels;
    for (Index t = 0; t < outTime; t++, row += pool * channels, to += pool * channels, from += channels) {
      for (Index c = 0; c < channels; c += kWidth) {
        const Index count = channels - c;
        const Vec scale = loadUpTo(affine.scales() + c, count), shift = loadUpTo(affine.shifts() + c, count);
        const Vec slope = loadUpTo(through.slopes() + c, count), level = loadUpTo(through.levels() + c, count);
        const Vec brought = scale * loadUpTo(from + c, count);
        Vec largest = loadUpTo(row + c, count) * scale + shift;
        for (Index p = 1; p < pool; p++) {
          const Vec value = loadUpTo(row + p * channels + c, count) * scale + shift;
          largest = value > largest ? value : largest;
        }
        Vec left = brought;
        for (Index p = 0; p < pool; p++) {
          const Vec of = loadUpTo(row + p * channels + c, count), value = of * scale + shift;
          // The first that is as large as the largest takes it all.
          storeUpTo(to + p * channels + c, of * slope + level + (value == largest ? left : Vec{}), count);
          left = value == largest ? Vec{} : left;
        }
      }
    }
    for (Index t = outTime * pool; t < s.time; t++, row += channels, to += channels) {
      for (Index c = 0; c < channels; c += kWidth) {
        const Index count = channels - c;
        const Vec slope = loadUpTo(through.slopes() + c, count), level = loadUpTo(through.levels() + c, count);
        storeUpTo(to + c, loadUpTo(row + c, count) * slope + level, count);
      }
    }
  });
}

static void normalizeAverage(
    const ectopy::SequenceShape& s, const ectopy::Normalization& n, const float* x, float* y, float* means) {
  const Affine affine(n, s.channels);
  ectopy::parallelFor(s.batch, [&](Index beat) {
    float* mean = means + beat * s.channels;
    float* to = y + beat * s.channels;
    sumOverTime(x + beat * s.time * s.channels, s.time, s.channels, mean);
    for (Index c = 0; c < s.channels; c++) {
      mean[c] /= static_cast<float>(s.time);
      to[c] = mean[c] * affine.scales()[c] + affine.shifts()[c];
    }
  });
}

static void normalizeAverageGrad(
    const ectopy::SequenceShape& s,
    const ectopy::Normalization& n,
    const float* dy,
    const float* x,
    const float* means,
    const ectopy::NormalizationGradients& gradients) {
  const Index channels = s.channels;
  const Affine affine(n, channels);
  StatisticsGradient through(channels, s.batch);
  for (Index beat = 0; beat < s.batch; beat++) {
    for (Index c = 0; c < channels; c++) {
      const float d = dy[beat * channels + c];
      through.sums(beat)[c] = d;
      through.products(beat)[c] = d * (means[beat * channels + c] - n.statistics.mean[c]);
    }
  }
  through.finish(n, s.batch * s.time, gradients.gamma, gradients.beta);
  ectopy::parallelFor(s.batch, [&](Index beat) {
    Floats levels(channels);
    const float* d = dy + beat * channels;
    for (Index c = 0; c < channels; c++) {
      levels.data()[c] = through.levels()[c] + affine.scales()[c] * d[c] / static_cast<float>(s.time);
    }
    const float* from = x + beat * s.time * channels;
    float* to = gradients.x + beat * s.time * channels;
    for (Index t = 0; t < s.time; t++, from += channels, to += channels) {
      for (Index c = 0; c < channels; c += kWidth) {
        const Index count = channels - c;
        const Vec slope = loadUpTo(through.slopes() + c, count), level = loadUpTo(levels.data() + c, count);
        storeUpTo(to + c, loadUpTo(from + c, count) * slope + level, count);
      }
    }
  });
}

}  // namespace ECTOPY_TARGET
