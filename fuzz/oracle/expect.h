// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FUZZ_ORACLE_EXPECT_H_
#define OVOC_FUZZ_ORACLE_EXPECT_H_

#include <cstdio>
#include <cstdlib>

namespace ovoc::fuzz {

// PromiseBroken says which promise of the code under test an input broke, and
// ends the program; that is how a fuzzer learns that it has found something. It
// never prints the input, which the fuzzer keeps in a file.
[[noreturn]] inline void PromiseBroken(const char* file, int line,
                                       const char* condition,
                                       const char* message = "") {
  std::fprintf(stderr, "%s:%d: promise broken: %s%s%s\n", file, line, condition,
               *message == '\0' ? "" : ": ", message);
  std::abort();
}

}  // namespace ovoc::fuzz

// FUZZ_EXPECT(condition) or FUZZ_EXPECT(condition, "message") checks a
// condition that must hold for every input. The message is a C string.
#define FUZZ_EXPECT(condition, ...)                                       \
  do {                                                                    \
    if (!(condition)) {                                                   \
      ::ovoc::fuzz::PromiseBroken(__FILE__, __LINE__,                     \
                                  #condition __VA_OPT__(, ) __VA_ARGS__); \
    }                                                                     \
  } while (false)

#endif  // OVOC_FUZZ_ORACLE_EXPECT_H_
