// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Progress.h.
#include "tools/sinter/Progress.h"
#include "tools/sinter/Report.h"

#include <cstdio>

namespace sinter::tool {

Progress::Progress(std::string name) : what(std::move(name)) {
  if (errorFormat() == ErrorFormat::Json)
    return;
  watcher = std::thread([this] {
    std::unique_lock lock(mutex);
    auto pause = std::chrono::seconds(1);
    while (!wake.wait_for(lock, pause, [this] { return done; })) {
      std::fprintf(stderr, "sinter: %s ... %.0f s\n", what.c_str(), seconds());
      spoke = true;
      pause = std::chrono::seconds(5);
    }
  });
}

Progress::~Progress() {
  {
    std::lock_guard lock(mutex);
    done = true;
  }
  wake.notify_all();
  if (watcher.joinable())
    watcher.join();
  if (spoke)
    std::fprintf(stderr, "sinter: %s: done in %.1f s\n", what.c_str(), seconds());
}

double Progress::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace sinter::tool
