// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// See Targets.h.
#include "test/fuzz/Targets.h"

#include "frontend/tokenizer/SentencePiece.h"
#include "frontend/tokenizer/Tokenizer.h"
#include "runtime/text/Tokenizer.h"

#include <string_view>
#include <vector>

/// Whatever ids decode to, it is whole characters at every moment.
static void decode(const SinterTokenizer &view, const std::vector<int32_t> &ids) {
  SinterDecoder *decoder = sinterDecoderCreate(&view, 0);
  const char *text = nullptr;
  size_t length = 0;
  for (size_t i = 0; i <= ids.size(); ++i) {
    auto status = i < ids.size() ? sinterDecoderPut(decoder, ids[i], &text, &length)
                                 : sinterDecoderFinish(decoder, &text, &length);
    sinter::fuzz::expect(!status, "ids are refused");
    sinter::fuzz::expect(length == 0 || (text[0] & 0xC0) != 0x80, "half a character");
  }
  sinterDecoderDestroy(decoder);
}

/// Tables that were written open and encode.
static void use(const sinter::tokenizer::CompiledTokenizer &compiled) {
  using sinter::fuzz::expect;
  SinterTokenizer view;
  const char *message = nullptr;
  expect(sinterTokenizerOpen(&view, compiled.blob.data(), compiled.blob.size(), &message) == SINTER_TOKENIZER_OK,
         "the tables that were written are refused");
  for (std::string_view text : {"", "a b", "Caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac [CLS] ##x", "\xff\xfe\x00 z",
                                ">>fra<< ab  \xe2\x96\x81" "a\xcc\x81-A"}) {
    SinterEncodeOptions options{512, 1, 0, 0, nullptr, 0};
    SinterEncodeResult result{};
    sinterTokenizerEncodePair(&view, text.data(), text.size(), "a b", 3, &options, nullptr, nullptr, nullptr, 0,
                              &result);
    if (sinterTokenizerEncode(&view, text.data(), text.size(), &options, nullptr, nullptr, nullptr, 0, &result))
      continue;
    std::vector<int32_t> ids(result.count);
    auto status = sinterTokenizerEncode(&view, text.data(), text.size(), &options, ids.data(), nullptr, nullptr,
                                        ids.size(), &result);
    expect(!status, "the same text is refused when its ids are wanted");
    for (int32_t id : ids)
      expect(id >= 0 && uint32_t(id) < compiled.idCount, "an id is beyond the largest");
    decode(view, ids);
  }
}

void sinter::fuzz::tokenizer(Bytes bytes) {
  std::string error;
  std::string_view json(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  auto compiled = sinter::tokenizer::compileTokenizerJson(json, "tokenizer.json", error);
  expect(compiled || !error.empty(), "refused without a message");
  if (compiled)
    use(*compiled);
}

void sinter::fuzz::sentence(Bytes bytes) {
  std::string_view model(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  // The same model in a folder of each class.
  const sinter::tokenizer::SentenceFolder folders[] = {
      {model, "", "", ""},
      {model, R"({"tokenizer_class":"T5Tokenizer","extra_ids":3})", "", ""},
      {model, R"({"legacy":false})", R"({"model_type":"llama"})", ""},
      {model, "", R"({"model_type":"xlm-roberta"})", ""},
      {model, "", "", R"({"<unk>":0,"</s>":1,"ab":2,">>fra<<":3})"}};
  for (const auto &folder : folders) {
    std::string error;
    auto compiled = sinter::tokenizer::compileSentenceModel(folder, "folder", "a.model", error);
    expect(compiled || !error.empty(), "refused without a message");
    if (compiled)
      use(*compiled);
  }
}
