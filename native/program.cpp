#include "program.h"

#include <cstring>
#include <new>

#include "kernels.h"
#include "plan-kernels.h"
#include "platform.h"
#include "pool.h"
#include "workspace.h"

namespace {

using ectopy::Arguments;

/** By code. */
constexpr Arguments kArguments[ectopy::kKernelsEnd] = {
    {0, 0, 0},   // no kernel
    {4, 4, 0},   // dense
    {4, 3, 0},   // dense-weight-gradient
    {3, 3, 0},   // dense-input-gradient
    {2, 2, 0},   // activation
    {2, 2, 0},   // activation-gradient
    {4, 2, 1},   // dropout
    {8, 2, 2},   // normalize-rows
    {8, 2, 1},   // normalize-rows-gradient
    {5, 3, 1},   // moments
    {6, 4, 1},   // normalize
    {9, 4, 1},   // normalize-gradient
    {7, 3, 1},   // normalize-average
    {10, 3, 1},  // normalize-average-gradient
    {4, 9, 0},   // conv1d
    {7, 9, 0},   // conv1d-gradient
    {3, 6, 0},   // max-pool
    {3, 6, 0},   // max-pool-gradient
    {2, 3, 0},   // average-pool
    {2, 3, 0},   // average-pool-gradient
    {8, 4, 0},   // lstm
    {12, 4, 0},  // lstm-gradient
    {8, 4, 0},   // gru
    {12, 4, 0},  // gru-gradient
    {2, 3, 0},   // swap-axes
    {2, 3, 0},   // reverse
    {2, 6, 0},   // copy-columns
    {3, 1, 1},   // add
    {2, 1, 1},   // scale
    {3, 1, 0},   // multiply
    {6, 2, 2},   // cross-entropy
    {2, 2, 0},   // softmax
    {2, 1, 0},   // clip-values
    {3, 2, 0},   // clip-norms
    {5, 2, 3},   // adam
    {4, 2, 1},   // sgd
    {5, 1, 3},   // rmsprop
    {3, 2, 1},   // gaussian-noise
};

constexpr int kMaxBuffers = 12;

/** src/engine/plan/encode-program.ts */
constexpr int32_t kVersion = 1;
constexpr size_t kHeaderWords = 4;
constexpr size_t kBufferWords = 3;
constexpr ptrdiff_t kLineFloats = 16;

enum Region : int32_t { kState, kFeed, kScratch, kRegionsEnd };

struct Buffer {
  int32_t region;
  /** In cache lines. */
  int32_t offset;
  int32_t floats;
};

bool isAligned(const float* memory) { return reinterpret_cast<uintptr_t>(memory) % 64 == 0; }

}  // namespace

/** The words as they were given, checked: header, buffers, calls. */
struct EctopyProgram {
  int32_t* words;
  size_t count;
  int32_t buffers, calls;
  ptrdiff_t feedStride;
  /** Needed floats of each region; the feed's for one step. */
  ptrdiff_t needs[kRegionsEnd];
  /** Whether a step has been run, and its working memory reserved. */
  bool hasRun;

  const Buffer& buffer(int32_t index) const {
    return *reinterpret_cast<const Buffer*>(words + kHeaderWords + static_cast<size_t>(index) * kBufferWords);
  }
  const int32_t* firstCall() const { return words + kHeaderWords + static_cast<size_t>(buffers) * kBufferWords; }
};

namespace {

/** @returns what is wrong, or null */
const char* check(EctopyProgram& program) {
  const int32_t* words = program.words;
  if (program.count < kHeaderWords || words[0] != kVersion) return "The program is of another version.";
  program.buffers = words[1];
  program.calls = words[2];
  program.feedStride = words[3] * kLineFloats;
  if (program.buffers < 0 || program.calls < 0 || words[3] < 0) return "The program has a negative size.";
  size_t at = kHeaderWords + static_cast<size_t>(program.buffers) * kBufferWords;
  if (at > program.count) return "The program ends within its buffers.";
  for (int32_t i = 0; i < program.buffers; i++) {
    const Buffer& buffer = program.buffer(i);
    if (buffer.region < 0 || buffer.region >= kRegionsEnd || buffer.offset < 0 || buffer.floats < 0) {
      return "A buffer lies outside the memory.";
    }
    const ptrdiff_t end = buffer.offset * kLineFloats + buffer.floats;
    if (end > program.needs[buffer.region]) program.needs[buffer.region] = end;
  }
  if (program.needs[kFeed] > program.feedStride) return "A buffer lies outside the feed.";
  for (int32_t i = 0; i < program.calls; i++) {
    if (at >= program.count) return "The program ends within its calls.";
    const int32_t code = words[at++];
    if (code < 1 || code >= ectopy::kKernelsEnd) return "The program calls an unknown kernel.";
    const Arguments& arguments = kArguments[code];
    if (at + static_cast<size_t>(arguments.buffers + arguments.integers + arguments.reals) > program.count) {
      return "The program ends within a call.";
    }
    for (int32_t b = 0; b < arguments.buffers; b++) {
      if (words[at + static_cast<size_t>(b)] < -1 || words[at + static_cast<size_t>(b)] >= program.buffers) {
        return "A call uses an unknown buffer.";
      }
    }
    at += static_cast<size_t>(arguments.buffers + arguments.integers + arguments.reals);
  }
  return at == program.count ? nullptr : "Words follow the last call.";
}

}  // namespace

EctopyProgram* ectopy_program_open(const int32_t* words, size_t count, const char** problem) {
  auto* const program = new (ectopy::allocateLines(sizeof(EctopyProgram))) EctopyProgram();
  auto* const copy = static_cast<int32_t*>(ectopy::allocateLines(count * sizeof(int32_t)));
  std::memcpy(copy, words, count * sizeof(int32_t));
  program->words = copy;
  program->count = count;
  *problem = check(*program);
  if (*problem == nullptr) return program;
  ectopy_program_close(program);
  return nullptr;
}

void ectopy_program_close(EctopyProgram* program) {
  ectopy::releaseLines(program->words);
  ectopy::releaseLines(program);
}

int32_t ectopy_program_run(
    EctopyProgram* program, const EctopyMemory* memory, int32_t steps, const volatile int32_t* cancel) {
  const bool fits = static_cast<size_t>(program->needs[kState]) <= memory->stateFloats &&
                    static_cast<size_t>(program->feedStride) * static_cast<size_t>(steps) <= memory->feedFloats &&
                    static_cast<size_t>(program->needs[kScratch]) <= memory->scratchFloats;
  if (!fits || !isAligned(memory->state) || !isAligned(memory->feed) || !isAligned(memory->scratch)) return -1;
  for (int32_t step = 0; step < steps; step++) {
    if (cancel != nullptr && *cancel != 0) return step;
    float* const regions[kRegionsEnd] = {memory->state, memory->feed + step * program->feedStride, memory->scratch};
    const int32_t* at = program->firstCall();
    for (int32_t i = 0; i < program->calls; i++) {
      const int32_t code = *at++;
      const Arguments& arguments = kArguments[code];
      float* buffers[kMaxBuffers];
      for (int32_t b = 0; b < arguments.buffers; b++, at++) {
        if (*at < 0) {
          buffers[b] = nullptr;
          continue;
        }
        const Buffer& buffer = program->buffer(*at);
        buffers[b] = regions[buffer.region] + buffer.offset * kLineFloats;
      }
      const int32_t* integers = at;
      at += arguments.integers;
      float reals[4];
      std::memcpy(reals, at, static_cast<size_t>(arguments.reals) * sizeof(float));
      at += arguments.reals;
      ectopy::kernels().run({static_cast<ectopy::Kernel>(code), buffers, integers, reals});
    }
    if (program->hasRun) continue;
    ectopy::reserveBlocks(ectopy::threadCount());
    program->hasRun = true;
  }
  return steps;
}
