// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See Targets.h.
#include "test/fuzz/Targets.h"

#include "frontend/chat/Chat.h"
#include "runtime/chat/Chat.h"

#include <string_view>

void sinter::fuzz::chat(Bytes bytes) {
  using namespace sinter::chat;
  Compiled compiled = compile({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
  expect(compiled.ok == compiled.error.empty(), "accepted with an error, or refused without one");
  if (!compiled.ok)
    return;
  Template view;
  expect(openTemplate(&view, compiled.blob.data(), compiled.blob.size() * 4) == nullptr, "the template that was written is refused");
  constexpr std::string_view talk =
      R"({"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi <|x|> {{ 1 }}"}],)"
      R"( "tools": [{"name": "f", "parameters": {"a": [1, 2.5, null, true]}}], "bos_token": "<s>", "add_generation_prompt": true})";
  Limits limits;
  limits.steps = 20'000;
  limits.memory = 8u << 20;
  limits.output = 1u << 20;
  constexpr Time now = {2024, 7, 26, 9, 5, 3};
  Rendered rendered;
  RenderError why{};
  if (!render(view, talk.data(), talk.size(), &now, limits, &rendered, &why))
    expect(why.message[0] != 0 && !rendered.text, "refused without a message, or with a text");
  else
    expect(rendered.size <= limits.output, "more output than the limit");
  for (uint64_t i = 0; i < rendered.spanCount; ++i)
    expect(rendered.spans[i].begin <= rendered.size && (i == 0 || rendered.spans[i].begin >= rendered.spans[i - 1].begin),
           "spans lie outside of the text, or out of order");
  release(&rendered);
}
