// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Says on stderr what is going on once it has taken longer than a second; quick work stays silent.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace sinter::tool {

/// One phase, as long as the object lives. Owns a thread that only waits and prints.
class Progress {
public:
  explicit Progress(std::string what);
  ~Progress();
  Progress(const Progress &) = delete;
  double seconds() const;

private:
  std::string what;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  std::mutex mutex;
  std::condition_variable wake;
  bool done = false, spoke = false;
  std::thread watcher;
};

} // namespace sinter::tool
