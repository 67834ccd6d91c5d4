// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command line's description -> a completion script. Only Main.cpp and Completion.cpp know CLI11.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace sinter::tool {

/// `shell`: "bash", "zsh" or "fish".
std::string completionScript(const CLI::App &app, const std::string &shell);

} // namespace sinter::tool
