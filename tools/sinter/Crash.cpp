// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See Crash.h. The report is written out in full when a phase begins, so that the signal handler only calls write().
#include "tools/sinter/Crash.h"
#include "tools/sinter/Report.h"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SINTER_SANITIZED 1
#endif
#endif

namespace sinter::tool {
namespace {

/// A word as a POSIX shell reads it back.
std::string quoted(const std::string &word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,=+@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos)
    return word;
  std::string out = "'";
  for (char c : word)
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string reportOf(const std::string &phase, const std::string &replay) {
  std::string what = "internal error in phase " + phase + ": this is our mistake; please report it with this command";
  if (errorFormat() == ErrorFormat::Json) {
    using Json = nlohmann::ordered_json;
    Json json{{"severity", "error"},
              {"code", nullptr},
              {"message", what},
              {"primary", nullptr},
              {"labels", Json::array()},
              {"notes", Json::array()},
              {"helps", Json::array({"replay: " + replay})},
              {"chain", Json::array()},
              {"repeats", 0},
              {"phase", phase}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  return "sinter: " + what + "\nsinter: replay: " + replay + "\n";
}

std::string currentReplay;
std::string currentReport;

/// What the handler reads: set whole, so that a signal between two phases finds one or the other.
const char *volatile reportText = "";
volatile size_t reportSize = 0;

void publish() {
  reportSize = 0;
  reportText = currentReport.data();
  reportSize = currentReport.size();
}

#ifndef SINTER_SANITIZED
void handle(int) {
  [[maybe_unused]] ssize_t written = write(2, reportText, reportSize);
  _exit(exitInternal);
}
#endif

} // namespace

void installCrashReports(int argc, char **argv) {
  currentReplay = "sinter";
  for (int i = 1; i < argc; ++i)
    currentReplay += " " + quoted(argv[i]);
  currentReport = reportOf("command line", currentReplay);
  publish();
#ifndef SINTER_SANITIZED
  // A stack of its own: the usual one may be what ran out.
  static char stack[1 << 16];
  stack_t alternative{};
  alternative.ss_sp = stack;
  alternative.ss_size = sizeof(stack);
  sigaltstack(&alternative, nullptr);
  struct sigaction action{};
  action.sa_handler = handle;
  action.sa_flags = SA_ONSTACK | SA_RESETHAND;
  for (int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE})
    sigaction(signal, &action, nullptr);
#endif
}

std::string replayOf(const ModelOptions &options, const std::string &stage) {
  std::string out = "sinter compile " + quoted(options.input);
  auto add = [&](const char *flag, const std::string &value) {
    if (!value.empty())
      out += std::string(" ") + flag + " " + quoted(value);
  };
  add("--weights", options.weights);
  add("--model", options.model);
  for (const auto &[name, value] : options.sets)
    add("--set", name + "=" + value);
  for (const std::string &function : options.functions)
    add("--fn", function);
  if (options.target != "cpu" && options.target != "reference")
    add("--target", options.target);
  if (options.weightsDtype != "stored")
    add("--weights-dtype", options.weightsDtype);
  if (options.cacheDtype != "f32")
    add("--cache-dtype", options.cacheDtype);
  return out + " --emit " + stage + " -o /dev/null";
}

Phase::Phase(const std::string &name, const std::string &replay)
    : outerReport(currentReport), outerReplay(currentReplay) {
  if (!replay.empty())
    currentReplay = replay;
  currentReport = reportOf(name, currentReplay);
  publish();
  breakIfAsked(name);
}

Phase::~Phase() {
  currentReport = outerReport;
  currentReplay = outerReplay;
  publish();
}

int Phase::reportBreak(const std::string &name, const std::string &replay) {
  std::string text = reportOf(name, replay);
  [[maybe_unused]] ssize_t written = write(2, text.data(), text.size());
  return exitInternal;
}

void Phase::breakIfAsked(const std::string &name) {
  const char *asked = std::getenv("SINTER_DEBUG_ABORT");
  if (!asked)
    return;
  if (name == asked)
    std::abort();
  if (name + ":segv" == asked)
    raise(SIGSEGV);
}

} // namespace sinter::tool
