// Philox4x32-10, the counter-based random numbers of Salmon, Moraes, Dror & Shaw ("Parallel Random Numbers: As Easy as 1, 2, 3", 2011).
#pragma once

#include <cstdint>

namespace ectopy {

constexpr uint32_t kPhiloxFactors[2] = {0xD2511F53, 0xCD9E8D57};
/** Added to the keys after each round. */
constexpr uint32_t kPhiloxSteps[2] = {0x9E3779B9, 0xBB67AE85};
constexpr int kPhiloxRounds = 10;

/** Turns a counter into random numbers, in place. */
static inline void philox(uint32_t (&c)[4], uint32_t key0, uint32_t key1) {
  for (int round = 0; round < kPhiloxRounds; round++) {
    const uint64_t a = uint64_t{kPhiloxFactors[0]} * c[0];
    const uint64_t b = uint64_t{kPhiloxFactors[1]} * c[2];
    c[0] = static_cast<uint32_t>(b >> 32) ^ c[1] ^ key0;
    c[2] = static_cast<uint32_t>(a >> 32) ^ c[3] ^ key1;
    c[1] = static_cast<uint32_t>(b);
    c[3] = static_cast<uint32_t>(a);
    key0 += kPhiloxSteps[0];
    key1 += kPhiloxSteps[1];
  }
}

}  // namespace ectopy
