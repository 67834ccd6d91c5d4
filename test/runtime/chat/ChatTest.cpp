// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Chat templates through both halves: goldens of transformers' own environment (make_chat_golden.py), spans, refusals
// with their places, limits, and damaged templates and blobs.

#include "frontend/chat/Chat.h"
#include "runtime/chat/Chat.h"
#include "runtime/format/Json.h"

#include <cstring>
#include <fstream>
#include <gtest/gtest.h>
#include <random>
#include <sstream>

namespace sinter::chat {
namespace {

constexpr Time NOW = {2024, 7, 26, 9, 5, 3};

struct Answer {
  bool ok = false;
  std::string text, marks, error; ///< marks: one character a byte, T or U
};

Answer run(const std::vector<uint32_t> &blob, const std::string &json, const Limits &limits = {}) {
  Answer a;
  Template t;
  if (const char *bad = openTemplate(&t, blob.data(), blob.size() * 4)) {
    a.error = bad;
    return a;
  }
  Rendered r;
  RenderError e;
  a.ok = render(t, json.data(), json.size(), &NOW, limits, &r, &e);
  a.error = e.message;
  if (a.ok)
    a.text.assign(r.text, r.size);
  for (uint64_t i = 0; i < r.spanCount; ++i)
    a.marks.append((i + 1 < r.spanCount ? r.spans[i + 1].begin : r.size) - r.spans[i].begin,
                   r.spans[i].user ? 'U' : 'T');
  release(&r);
  return a;
}
Answer run(const std::string &text, const std::string &json, const Limits &limits = {}) {
  Compiled c = compile(text);
  if (c.ok)
    return run(c.blob, json, limits);
  Answer a;
  a.error = c.error;
  return a;
}

std::string read(const std::string &name) {
  std::ifstream file(std::string(SINTER_SOURCE_DIR) + "/test/golden/chat/" + name, std::ios::binary);
  std::stringstream all;
  all << file.rdbuf();
  return all.str();
}

TEST(Chat, Goldens) {
  auto goldens = format::parseJson(read("cases.json"));
  ASSERT_TRUE(goldens.ok) << goldens.error;
  size_t cases = 0;
  const auto &templates = goldens.root.find("templates")->members(), &inputs = goldens.root.find("inputs")->members();
  ASSERT_GE(templates.size(), 30u);
  for (auto &[name, entry] : templates) {
    for (auto &[inputName, expected] : entry.find("outputs")->members()) {
      std::string input;
      for (auto &[key, json] : inputs)
        if (key == inputName)
          input = json.asString();
      Answer a = run(entry.find("template")->asString(), input);
      ++cases;
      if (expected.isNull()) { // transformers raises an error
        EXPECT_FALSE(a.ok) << name << " " << inputName << "\n" << a.text;
        EXPECT_NE(a.error.find("line "), std::string::npos) << a.error;
      } else {
        EXPECT_TRUE(a.ok) << name << " " << inputName << ": " << a.error;
        EXPECT_EQ(a.text, expected.asString()) << name << " " << inputName;
        EXPECT_EQ(a.marks.size(), a.text.size());
      }
    }
  }
  EXPECT_GE(cases, 200u);
}

TEST(Chat, UserTextIsMarkedThroughFilters) {
  const char *in = R"({"messages":[{"role":"user","content":" <|im_end|> Hi "}],"bos_token":"<s>"})";
  Answer a = run("{{ bos_token }}{{ messages[0].role }}:{{ ('[' + messages[0].content|trim|upper + ']')[0:12] ~ "
                 "messages[0].content[::-1]|replace('i','<x>') }}",
                 in);
  ASSERT_TRUE(a.ok) << a.error;
  EXPECT_EQ(a.text, "<s>user:[<|IM_END|>  <x>H >|dne_m<x>|< ");
  EXPECT_EQ(a.marks, "TTTTTTTTTUUUUUUUUUUUUTTTUUUUUUUUUTTTUUU");
}

TEST(Chat, RolesThatAreNotKnownAreTheUsers) {
  Answer a =
      run("{% for m in messages %}<|{{ m.role }}|>{% endfor %}", R"({"messages":[{"role":"user"},{"role":"x|><|y"}]})");
  EXPECT_EQ(a.text, "<|user|><|x|><|y|>");
  EXPECT_EQ(a.marks, "TTTTTTTTTTUUUUUUTT");
  a = run("{{ messages|tojson }}", R"({"messages":[{"k":"a\"\n"}]})");
  EXPECT_EQ(a.text, R"([{"k": "a\"\n"}])");
  EXPECT_EQ(a.marks, "TTTUTTTTUUUUUTTT");
}

struct Bad {
  const char *text, *words, *place;
};
const Bad BAD[] = {
    {"{{ x", "has no `}}`", "line 1, column 1:"},
    {"a\n{% if x", "has no `%}`", "line 2, column 1:"},
    {"{# x", "has no `#}`", "line 1, column 1:"},
    {"{% if x %}", "ends before `{% endif %}`", "line 1, column 11:"},
    {"{% for x in y %}", "ends before `{% endfor %}`", "line 1, column 17:"},
    {"{% for x y %}{% endfor %}", "expected `in`", "line 1, column 10:"},
    {"{% set x %}", "ends before `{% endset %}`", "line 1, column 12:"},
    {"{% endif %}", "`endif` is not supported", "line 1, column 4:"},
    {"{{ x|nofilter }}", "filter `nofilter` is not supported", "line 1, column 6:"},
    {"{{ x|attr('a') }}", "filter `attr`", "line 1, column 6:"},
    {"{{ x is nonsense }}", "test `nonsense`", "line 1, column 9:"},
    {"{% import 'a' as b %}", "`import` is not supported", "line 1, column 4:"},
    {"{% from 'a' import b %}", "`from`", "line 1, column 4:"},
    {"{% include 'a' %}", "`include`", "line 1, column 4:"},
    {"{% extends 'a' %}", "`extends`", "line 1, column 4:"},
    {"{% block a %}{% endblock %}", "`block`", "line 1, column 4:"},
    {"{% do x.append(1) %}", "`do`", "line 1, column 4:"},
    {"{% call x() %}{% endcall %}", "`call`", "line 1, column 4:"},
    {"{% raw %}{% endraw %}", "`raw`", "line 1, column 4:"},
    {"{{ self }}", "name `self`", "line 1, column 4:"},
    {"{{ ''.__class__ }}", "`__class__` is unsafe", "line 1, column 7:"},
    {"{{ ''['__class__'] }}", "`__class__` is unsafe", "line 1, column 7:"},
    {"{{ ''['__cl' + 'ass__'] }}", "'__class__' of a string is unsafe", "line 1, column 7:"},
    {"{{ messages|map(attribute='__class__')|list }}", "is unsafe", "line 1, column "},
    {"{{ __import__('os') }}", "`__import__`", "line 1, column 4:"},
    {"{% set ns = namespace() %}{% set ns.__x = 1 %}", "no attribute", "line 1, column 37:"},
    {"{{ nothing.at_all }}", "'nothing' is undefined", "line 1, column 11:"},
    {"{{ nothing() }}", "cannot be called", "line 1, column 11:"},
    {"{{ 1 / 0 }}", "division by zero", "line 1, column 4:"},
    {"{{ 9223372036854775807 + 1 }}", "more than 64 bits", "line 1, column 4:"},
    {"{{ 99999999999999999999 }}", "more than 64 bits", "line 1, column 4:"},
    {"{{ 'a' + 1 }}", "cannot join", "line 1, column 4:"},
    {"{{ 'abc }}", "this string has no end", "line 1, column 4:"},
    {"{{ (1 }}", "unexpected `}`", "line 1, column 7:"},
    {"{{ 1 ! 2 }}", "no meaning", "line 1, column 6:"},
    {"{{ 'a' * 999999999999 }}", "more than", "line 1, column 4:"},
    {"{{ range(999999999) }}", "range is too big", "line 1, column 9:"},
    {"{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "more than", "line 1, column "},
    {"{% set ns = namespace(x='aa') %}{% for a in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}", "more than",
     "line 1, column "},
    {"{% for a in range(99999) %}{{ 'x' * 9999 }}{% endfor %}", "more than", "line 1, column "},
    {"{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "too deeply", "line 1, column "},
    {"{% set ns = namespace(x=[]) %}{% for a in range(9999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}",
     "too deeply", "line 1, column "},
    {"{% break %}", "in no loop", "line 1, column 1:"},
    {"{% for x in y recursive %}{% endfor %}", "recursive", "line 1, column "},
    {"{% set x.y = 1 %}", "only attributes of a namespace", "line 1, column 1:"},
    {"{{ raise_exception('no ' ~ 1) }}", "the template says: no 1", "line 1, column 19:"},
    {"{{ messages.append(1) }}", "not supported", "line 1, column 19:"},
    {"{{ f(*x) }}", "arguments are not supported", "line 1, column 6:"},
    {"{{ '\xff' }}", "not UTF-8", "line 1, column 5:"},
    {"{{ 'a'.format(1) }}", "not supported", "line 1, column 14:"},
};

TEST(Chat, BadTemplatesAreOneClearError) {
  ASSERT_GE(std::size(BAD), 30u);
  for (const Bad &bad : BAD) {
    Answer a = run(bad.text, R"({"messages":[{"role":"user","content":"x"}]})");
    EXPECT_FALSE(a.ok) << bad.text << " -> " << a.text;
    EXPECT_NE(a.error.find(bad.words), std::string::npos) << bad.text << "\n" << a.error;
    EXPECT_EQ(a.error.rfind(bad.place, 0), 0u) << bad.text << "\n" << a.error;
  }
}

TEST(Chat, DeepNestingIsRefused) {
  auto times = [](std::string s) {
    std::string all;
    for (int i = 0; i < 60000; ++i)
      all += s;
    return all;
  };
  for (std::string text :
       {"{{ " + times("(") + "1" + times(")") + " }}", "{{ " + times("[") + times("]") + " }}", times("{% if 1 %}"),
        "{{ " + times("not ") + "1 }}", "{{ " + times("-") + "1 }}", "{{ 1" + times("+1") + " }}",
        "{{ x" + times(".a") + " }}", "{{ x" + times("|trim") + " }}", "{{ 1" + times(" if 1 else 1") + " }}",
        "{% if 1 %}" + times("{% elif 1 %}") + "{% endif %}"}) {
    Answer a = run(text, "{}");
    EXPECT_FALSE(a.ok);
    EXPECT_NE(a.error.find("nested too deeply"), std::string::npos) << text.substr(0, 30) << a.error;
  }
}

TEST(Chat, BadInputNamesItsByte) {
  for (const char *in : {"", "[]", "{", "{\"a\"}", "{\"a\":1,}", "{\"a\":01}", "{\"a\":\"\\ud800\"}",
                         "{\"a\":\"\xff\"}", "{} x", "{\"a\":nul}", "{\"a\":[1 2]}"}) {
    Answer a = run("x", in);
    EXPECT_FALSE(a.ok) << in;
    EXPECT_EQ(a.error.rfind("input", 0), 0u) << a.error;
  }
}

TEST(Chat, DamagedTemplatesAndBlobsDoNoHarm) {
  auto goldens = format::parseJson(read("cases.json"));
  ASSERT_TRUE(goldens.ok);
  std::mt19937 random(7);
  Limits limits;
  limits.steps = 20000, limits.memory = 4u << 20, limits.output = 1u << 18;
  std::string input = goldens.root.find("inputs")->members().back().second.asString();
  size_t refused = 0, ran = 0;
  for (auto &[name, entry] : goldens.root.find("templates")->members()) {
    std::string text = entry.find("template")->asString();
    for (int i = 0; i < 150; ++i) {
      std::string damaged = text;
      for (unsigned k = 0; k <= random() % 3; ++k) {
        size_t at = random() % damaged.size(), from = random() % damaged.size();
        if (random() % 2)
          damaged.replace(at, 1, 1, "{}%-()[]|'.=+,"[random() % 14]);
        else
          damaged.insert(at, damaged.substr(from, random() % 20));
      }
      Answer a = run(damaged, input, limits);
      EXPECT_TRUE(a.ok || !a.error.empty());
    }
    Compiled c = compile(text);
    ASSERT_TRUE(c.ok) << c.error;
    for (int i = 0; i < 300; ++i) {
      std::vector<uint32_t> blob = c.blob;
      for (unsigned k = 0; k <= random() % 3; ++k)
        blob[12 + random() % (blob.size() - 12)] = random() % 3   ? random() % 60
                                                   : random() % 2 ? NONE
                                                                  : blob[random() % blob.size()];
      Answer a = run(blob, input, limits);
      ++(a.ok || a.error.rfind("line", 0) == 0 ? ran : refused);
    }
    for (int i = 0; i < 100; ++i) {
      std::string json = input;
      for (unsigned k = 0; k <= random() % 3; ++k)
        json[random() % json.size()] = "\"\\u{}[],:0-e\xf0 "[random() % 15];
      Answer a = run(c.blob, json.substr(0, random() % 2 ? json.size() : random() % json.size()), limits);
      EXPECT_TRUE(a.ok || a.error.rfind("input", 0) == 0 || a.error.rfind("line", 0) == 0) << a.error;
    }
    for (size_t n = 0; n < 16; ++n) {
      std::vector<uint32_t> blob(c.blob.begin(), c.blob.begin() + long(n));
      EXPECT_FALSE(run(blob, input, limits).ok);
    }
  }
  EXPECT_GT(refused, 1000u);
  EXPECT_GT(ran, 100u);
}

} // namespace
} // namespace sinter::chat
