// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `--trace-nan`: a session's launches in, the first result that holds NaN or infinity out, with the line of the text
// that made it and the layer it was made in.
#pragma once

#include "sinter/sinter.h"

#include <cstdint>
#include <string>

namespace sinter::tool {

class Driver;

/// Listens to one session as a profile does; one call after another, all functions of the driver's artifact. Each result
/// of each launch is read once, until the first is found. Not thread-safe.
class TraceNan {
public:
  explicit TraceNan(Driver &driver) : driver(driver) {}

  /// From here on the session's launches are looked at. This object outlives the session's calls.
  void listen(sinter_session *session);

  /// Says on stderr what was found, or that nothing was.
  void report() const;

private:
  void see(const sinter_launch &launch);
  void lookAtArguments(uint32_t function);
  std::string around(uint32_t function, uint32_t record) const;

  Driver &driver;
  sinter_session *session = nullptr;
  bool hasBegun = false;
  std::string given; ///< an argument that holds such a number
  struct Found {
    bool isAny = false, isNan = false;
    uint32_t function = 0, record = 0;
    std::string kernel, site, layers, cause;
  } found;
};

} // namespace sinter::tool
