#pragma once
// core/result.h - How anything off the hot path fails: a value or an Error for a person.

#include <stdexcept>
#include <string>

#include <boost/system/result.hpp>

namespace tariff {

/// A failure that a person will read. `what` says what was wrong, where, and what to do about it.
/// `exit_code` is the sysexits code that fits if this failure ends the process.
struct Error {
  std::string what;
  int exit_code = 70;  // EX_SOFTWARE; makers of operational errors set a better one
};

/// Required by boost::system::result for .value(); we never call .value() on a failure.
[[noreturn]] inline void throw_exception_from_error(const Error& e, const boost::source_location&) {
  throw std::runtime_error(e.what);
}

template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace tariff
