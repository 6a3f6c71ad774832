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
    {4, 10, 0},  // conv1d
    {7, 10, 0},  // conv1d-gradient
    {3, 7, 0},   // max-pool
    {3, 7, 0},   // max-pool-gradient
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
    {5, 2, 1},   // normalize-layer
    {7, 2, 0},   // normalize-layer-gradient
    {2, 7, 0},   // average-windows
    {2, 7, 0},   // average-windows-gradient
    {2, 1, 1},   // leaky-relu
    {2, 1, 1},   // leaky-relu-gradient
    {2, 2, 1},   // dropout-mask
    {3, 3, 0},   // multiply-channels
    {2, 4, 0},   // pad-rows
};

constexpr int kMaxBuffers = 12;

/** Buffers of a call, by their positions. */
struct BufferRange {
  int32_t from, end;
};

/** Moving statistics that a kernel of the forward pass updates: all that a step changes before it updates the weights. */
constexpr BufferRange movingStatistics(int32_t code) {
  if (code == ectopy::kMoments) return {3, 5};
  if (code == ectopy::kNormalizeRows) return {6, 8};
  return {0, 0};
}

bool updatesWeights(int32_t code) {
  return code == ectopy::kAdam || code == ectopy::kSgd || code == ectopy::kRmsprop;
}

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
  /** Number of calls before the first one that updates weights. */
  int32_t callsBeforeUpdate;
  /** Copy of the moving statistics before the current step, in the order of the calls. */
  float* statistics;
  size_t statisticsFloats;
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
  program.callsBeforeUpdate = program.calls;
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
    if (updatesWeights(code) && i < program.callsBeforeUpdate) program.callsBeforeUpdate = i;
    const BufferRange moving = movingStatistics(code);
    for (int32_t b = moving.from; b < moving.end; b++) {
      const int32_t index = words[at + static_cast<size_t>(b)];
      if (index >= 0) program.statisticsFloats += static_cast<size_t>(program.buffer(index).floats);
    }
    at += static_cast<size_t>(arguments.buffers + arguments.integers + arguments.reals);
  }
  return at == program.count ? nullptr : "Words follow the last call.";
}

/** The memory of one step. */
struct Regions {
  float* memory[kRegionsEnd];

  float* of(const Buffer& buffer) const { return memory[buffer.region] + buffer.offset * kLineFloats; }
};

/** Calls visit(index, code, words of the arguments) for each call, while it returns true. */
template <typename Visit>
void eachCall(const EctopyProgram& program, Visit&& visit) {
  const int32_t* at = program.firstCall();
  for (int32_t i = 0; i < program.calls; i++) {
    const int32_t code = *at++;
    if (!visit(i, code, at)) return;
    const Arguments& arguments = kArguments[code];
    at += arguments.buffers + arguments.integers + arguments.reals;
  }
}

/** Copies the moving statistics into the program's copy, or back. */
void copyStatistics(const EctopyProgram& program, const Regions& regions, bool back) {
  if (program.statisticsFloats == 0) return;
  float* copy = program.statistics;
  eachCall(program, [&](int32_t, int32_t code, const int32_t* words) {
    const BufferRange moving = movingStatistics(code);
    for (int32_t b = moving.from; b < moving.end; b++) {
      if (words[b] < 0) continue;
      const Buffer& buffer = program.buffer(words[b]);
      const size_t bytes = static_cast<size_t>(buffer.floats) * sizeof(float);
      std::memcpy(back ? regions.of(buffer) : copy, back ? copy : regions.of(buffer), bytes);
      copy += buffer.floats;
    }
    return true;
  });
}

void runCall(const EctopyProgram& program, const Regions& regions, int32_t code, const int32_t* words) {
  const Arguments& arguments = kArguments[code];
  float* buffers[kMaxBuffers];
  for (int32_t b = 0; b < arguments.buffers; b++) {
    buffers[b] = words[b] < 0 ? nullptr : regions.of(program.buffer(words[b]));
  }
  const int32_t* integers = words + arguments.buffers;
  float reals[4];
  std::memcpy(reals, integers + arguments.integers, static_cast<size_t>(arguments.reals) * sizeof(float));
  ectopy::kernels().run({static_cast<ectopy::Kernel>(code), buffers, integers, reals});
}

/** @returns whether the step was completed; else the state is that before it */
bool runStep(const EctopyProgram& program, const Regions& regions, const volatile int32_t* cancel) {
  copyStatistics(program, regions, false);
  bool completed = true;
  ectopy::setInterruption(cancel);
  eachCall(program, [&](int32_t index, int32_t code, const int32_t* words) {
    // The flag stays set: where it is 0 here, no part was left out before.
    if (index <= program.callsBeforeUpdate && ectopy::isInterrupted()) return completed = false;
    if (index == program.callsBeforeUpdate) ectopy::setInterruption(nullptr);
    runCall(program, regions, code, words);
    return true;
  });
  if (program.callsBeforeUpdate == program.calls && ectopy::isInterrupted()) completed = false;
  ectopy::setInterruption(nullptr);
  if (!completed) copyStatistics(program, regions, true);
  return completed;
}

}  // namespace

EctopyProgram* ectopy_program_open(const int32_t* words, size_t count, const char** problem) {
  auto* const program = new (ectopy::allocateLines(sizeof(EctopyProgram))) EctopyProgram();
  auto* const copy = static_cast<int32_t*>(ectopy::allocateLines(count * sizeof(int32_t)));
  std::memcpy(copy, words, count * sizeof(int32_t));
  program->words = copy;
  program->count = count;
  *problem = check(*program);
  if (*problem == nullptr) {
    const size_t bytes = program->statisticsFloats * sizeof(float);
    if (bytes > 0) program->statistics = static_cast<float*>(ectopy::allocateLines(bytes));
    return program;
  }
  ectopy_program_close(program);
  return nullptr;
}

void ectopy_program_close(EctopyProgram* program) {
  ectopy::releaseLines(program->words);
  ectopy::releaseLines(program->statistics);
  ectopy::releaseLines(program);
}

int32_t ectopy_program_run(
    EctopyProgram* program, const EctopyMemory* memory, int32_t steps, const volatile int32_t* cancel) {
  const bool fits = static_cast<size_t>(program->needs[kState]) <= memory->stateFloats &&
                    static_cast<size_t>(program->feedStride) * static_cast<size_t>(steps) <= memory->feedFloats &&
                    static_cast<size_t>(program->needs[kScratch]) <= memory->scratchFloats;
  if (!fits || !isAligned(memory->state) || !isAligned(memory->feed) || !isAligned(memory->scratch)) return -1;
  for (int32_t step = 0; step < steps; step++) {
    const Regions regions{{memory->state, memory->feed + step * program->feedStride, memory->scratch}};
    if (!runStep(*program, regions, cancel)) return step;
    if (program->hasRun) continue;
    ectopy::reserveBlocks(ectopy::threadCount());
    program->hasRun = true;
  }
  return steps;
}
