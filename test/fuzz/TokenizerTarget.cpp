// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See Targets.h.
#include "test/fuzz/Targets.h"

#include "frontend/tokenizer/Tokenizer.h"
#include "runtime/text/Tokenizer.h"

#include <string_view>
#include <vector>

void sinter::fuzz::tokenizer(Bytes bytes) {
  std::string error;
  std::string_view json(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  auto compiled = sinter::tokenizer::compileTokenizerJson(json, "tokenizer.json", error);
  expect(compiled || !error.empty(), "refused without a message");
  if (!compiled)
    return;
  SinterTokenizer view;
  const char *message = nullptr;
  expect(sinterTokenizerOpen(&view, compiled->blob.data(), compiled->blob.size(), &message) == SINTER_TOKENIZER_OK,
         "the tables that were written are refused");
  for (std::string_view text : {"", "a b", "Caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac [CLS] ##x", "\xff\xfe\x00 z"}) {
    SinterEncodeOptions options{512, 1, 0, 0};
    SinterEncodeResult result{};
    if (sinterTokenizerEncode(&view, text.data(), text.size(), &options, nullptr, nullptr, nullptr, 0, &result))
      continue;
    std::vector<int32_t> ids(result.count);
    auto status = sinterTokenizerEncode(&view, text.data(), text.size(), &options, ids.data(), nullptr, nullptr,
                                        ids.size(), &result);
    expect(!status, "the same text is refused when its ids are wanted");
    for (int32_t id : ids)
      expect(id >= 0 && uint32_t(id) < compiled->idCount, "an id is beyond the largest");
  }
}
