// Runs a program of a plan (native/program.h) on memories in a file, and writes state and feed back: a backend for
// processors that no Node runs on here. The file has five int32 (words of the program, floats of state, feed and scratch,
// steps), then the words, the state and the feed.
#include <cstdio>
#include <vector>

#include "kernels.h"
#include "platform.h"
#include "program.h"

namespace {

struct Header {
  int32_t words, state, feed, scratch, steps;
};

float* floatsOf(int32_t count) {
  return static_cast<float*>(ectopy::allocateLines(static_cast<size_t>(count) * sizeof(float)));
}

template <typename Value>
bool readAll(std::FILE* file, Value* values, int32_t count) {
  return std::fread(values, sizeof(Value), static_cast<size_t>(count), file) == static_cast<size_t>(count);
}

}  // namespace

int main(int, char** arguments) {
  std::FILE* const file = std::fopen(arguments[1], "r+b");
  Header header;
  if (file == nullptr || !readAll(file, &header, 1)) return 2;
  if (ectopy::chooseKernels(0) == nullptr) return 3;
  std::vector<int32_t> words(static_cast<size_t>(header.words));
  float* const state = floatsOf(header.state);
  float* const feed = floatsOf(header.feed);
  if (!readAll(file, words.data(), header.words)) return 2;
  const long memories = std::ftell(file);
  if (!readAll(file, state, header.state) || !readAll(file, feed, header.feed)) return 2;
  const char* problem = nullptr;
  EctopyProgram* const program = ectopy_program_open(words.data(), words.size(), &problem);
  if (program == nullptr) {
    std::fputs(problem, stderr);
    return 4;
  }
  const EctopyMemory memory{
      state, static_cast<size_t>(header.state), feed, static_cast<size_t>(header.feed), floatsOf(header.scratch),
      static_cast<size_t>(header.scratch)};
  if (ectopy_program_run(program, &memory, header.steps, nullptr) != header.steps) return 5;
  std::fseek(file, memories, SEEK_SET);
  std::fwrite(state, sizeof(float), static_cast<size_t>(header.state), file);
  std::fwrite(feed, sizeof(float), static_cast<size_t>(header.feed), file);
  return std::fclose(file);
}
