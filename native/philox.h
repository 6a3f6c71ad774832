// Philox4x32-10, the counter-based random numbers of Salmon, Moraes, Dror & Shaw ("Parallel Random Numbers: As Easy as 1, 2, 3", 2011).
#pragma once

#include <cstdint>

namespace ectopy {

/** One number of each group, side by side, so that the compiler makes vectors of them. */
template <int Groups>
struct PhiloxCounters {
  uint32_t word[4][Groups];
};

/** Turns counters into random numbers, in place. */
template <int Groups>
static inline __attribute__((always_inline)) void philox(PhiloxCounters<Groups>& c, uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; round++) {
    for (int i = 0; i < Groups; i++) {
      const uint64_t a = uint64_t{0xD2511F53} * c.word[0][i];
      const uint64_t b = uint64_t{0xCD9E8D57} * c.word[2][i];
      c.word[0][i] = static_cast<uint32_t>(b >> 32) ^ c.word[1][i] ^ key0;
      c.word[2][i] = static_cast<uint32_t>(a >> 32) ^ c.word[3][i] ^ key1;
      c.word[1][i] = static_cast<uint32_t>(b);
      c.word[3][i] = static_cast<uint32_t>(a);
    }
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
}

}  // namespace ectopy
