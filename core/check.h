#pragma once
// core/check.h - TARIFF_CHECK: for our own bugs, never for input. On in every build.

#include <cstdio>
#include <cstdlib>

/// Ends the process with file, line and condition; systemd restarts it.
#define TARIFF_CHECK(condition)                                                          \
  do {                                                                                   \
    if (!(condition)) [[unlikely]] {                                                     \
      std::fprintf(stderr, "%s:%d: check failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                      \
    }                                                                                    \
  } while (false)
