// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Stop strings: what is released, wherever the text is cut; against a plain search.

#include "Support.h"

#include "runtime/sample/Stop.h"

#include <gtest/gtest.h>

using namespace sinter::sample;
using namespace sinter::sample::test;

namespace {

struct Matcher {
  explicit Matcher(std::vector<std::string> list) : texts(std::move(list)) {
    for (const std::string &text : texts)
      strings.push_back({text.data(), text.size()});
    settings.stopStrings = strings.data();
    settings.stopStringCount = static_cast<uint32_t>(strings.size());
    memory = std::make_unique<Memory>(StopMatcher::bytes(settings));
    EXPECT_EQ(matcher.build(settings, memory->data, memory->size, nullptr), SINTER_OK);
  }
  /// Feeds the pieces and returns all that was released; '|' where the stop string stood.
  std::string feed(const std::vector<std::string> &pieces, bool finish = true) {
    StopState state = 0, other = 0;
    std::string out;
    for (const std::string &piece : pieces) {
      std::string room(matcher.held(state) + piece.size(), '?');
      StopResult result = matcher.advance(&state, piece.data(), piece.size(), room.data());
      out.append(room, 0, result.released);
      EXPECT_EQ(matcher.completes(&other, piece.data(), piece.size()), result.matched >= 0);
      if (result.matched >= 0)
        return out + "|" + texts[result.matched] + "|" + piece.substr(result.consumed);
    }
    std::string room(matcher.held(state), '?');
    if (finish)
      out.append(room, 0, matcher.finish(&state, room.data()) ? room.size() : 0);
    return out;
  }
  std::vector<std::string> texts;
  std::vector<StopString> strings;
  Settings settings;
  std::unique_ptr<Memory> memory;
  StopMatcher matcher;
};

} // namespace

TEST(Stop, AcrossTokenBorders) {
  Matcher m({"</s>", "\n\n", "END"});
  EXPECT_EQ(m.feed({"Hello<", "/", "s", ">more"}), "Hello|</s>|more");
  EXPECT_EQ(m.feed({"a</sx", "</", "s>"}), "a</sx|</s>|");
  EXPECT_EQ(m.feed({"line\n", "line\n", "\n"}), "line\nline|\n\n|");
  EXPECT_EQ(m.feed({"EEN", "EN", "END"}), "EENEN|END|");
  EXPECT_EQ(m.feed({"", "nothing <", "/"}), "nothing </");
}

TEST(Stop, HoldsBackOnlyWhatMayStillMatch) {
  Matcher m({"abcd"});
  EXPECT_EQ(m.feed({"xabc"}, false), "x");
  EXPECT_EQ(m.feed({"xabc", "a"}, false), "xabc");
  EXPECT_EQ(m.feed({"xabc", "z"}, false), "xabcz");
  EXPECT_EQ(m.feed({"xabc", "d"}, false), "x|abcd|");
}

TEST(Stop, OverlapsAndEqualEnds) {
  Matcher m({"c", "abc", "bc", "abcx"});
  EXPECT_EQ(m.feed({"za", "b", "c"}), "z|abc|"); // ends first; the longest that ends there
  Matcher inner({"aXbYc", "Xb"});                // the inner one ends first
  EXPECT_EQ(inner.feed({"aX", "bYc"}), "a|Xb|Yc");
  Matcher bytes({std::string("\0\xff", 2), "\xe2\x82\xac"});
  EXPECT_EQ(bytes.feed({"\xe2\x82", "\xac!"}), "|\xe2\x82\xac|!");
  EXPECT_EQ(bytes.feed({std::string("\0", 1), "\xff"}), std::string("|\0\xff|", 4));
  Matcher none({});
  EXPECT_EQ(none.feed({"all", "of it"}), "allof it");
}

TEST(Stop, EqualsPlainSearch) {
  uint32_t state = 1;
  auto random = [&](uint32_t below) {
    state = state * 1664525 + 1013904223;
    return (state >> 16) % below;
  };
  int matches = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> list(1 + random(4));
    for (std::string &text : list)
      for (uint32_t n = 1 + random(6); n; --n)
        text += static_cast<char>('a' + random(2));
    std::string text;
    for (uint32_t n = random(12); n; --n)
      text += static_cast<char>('a' + random(3));
    // The first end; at it the longest.
    size_t end = std::string::npos, begin = 0;
    for (size_t e = 1; e <= text.size() && end == std::string::npos; ++e)
      for (const std::string &stop : list)
        if (e >= stop.size() && text.compare(e - stop.size(), stop.size(), stop) == 0) {
          begin = end == std::string::npos ? e - stop.size() : std::min(begin, e - stop.size());
          end = e;
        }
    std::vector<std::string> pieces;
    for (size_t at = 0; at < text.size();) {
      size_t n = std::min<size_t>(1 + random(4), text.size() - at);
      pieces.push_back(text.substr(at, n));
      at += n;
    }
    std::string got = Matcher(list).feed(pieces);
    if (end == std::string::npos) {
      ASSERT_EQ(got, text);
    } else {
      ASSERT_EQ(got.substr(0, got.rfind('|')), text.substr(0, begin) + "|" + text.substr(begin, end - begin));
      ++matches;
    }
  }
  EXPECT_GT(matches, 500);
}

TEST(Stop, MemoryIsChecked) {
  Matcher m({"abc"});
  sinter_error error = {};
  EXPECT_EQ(m.matcher.build(m.settings, m.memory->data, m.memory->size - 1, &error), SINTER_INVALID_ARGUMENT);
  EXPECT_EQ(m.matcher.build(m.settings, nullptr, m.memory->size, &error), SINTER_INVALID_ARGUMENT);
}
