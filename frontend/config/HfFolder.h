// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// A Hugging Face folder as the source of hyperparameters: config.json and the few JSON files beside
// it, read key by key. Elaboration asks for fields; afterwards every key that nobody read or ignored
// is reported by name. All messages point into the JSON text itself.
#ifndef SINTER_FRONTEND_CONFIG_HFFOLDER_H
#define SINTER_FRONTEND_CONFIG_HFFOLDER_H

#include "frontend/config/Generation.h"
#include "frontend/diagnostics/Diagnostics.h"
#include "frontend/syntax/Ast.h"
#include "runtime/format/Json.h"
#include "runtime/format/Safetensors.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sinter::frontend {

/// A compile-time value as a config file or `--set` can give it; monostate is `none`.
struct ConfigValue {
  std::variant<std::monostate, bool, int64_t, double, std::string, std::vector<ConfigValue>> node;
  bool operator==(const ConfigValue &) const = default;
};

/// The outcome of asking the outside for a field.
struct FieldResult {
  enum class Kind { Value, UseDefault, Error };
  Kind kind = Kind::UseDefault;
  ConfigValue value; ///< Kind::Value
  Span source;       ///< where the value stands (in a JSON file), if it does
};

/// What a sentence encoder's folder says about pooling (modules.json, 1_Pooling/config.json).
struct PoolingInfo {
  bool present = false;
  bool mean = false;      ///< pooling_mode_mean_tokens and no other mode
  bool normalize = false; ///< a Normalize module follows
  std::string mode;       ///< name of the mode(s), for messages
  Span source;
};

/// One folder. Not thread safe; spans and JSON trees live as long as the folder and the engine.
class HfFolder {
public:
  /// Opens a folder with a config.json; null (reported) when it cannot be read.
  static std::unique_ptr<HfFolder> open(const std::string &path, DiagnosticEngine &diags);

  const std::string &path() const { return folder; }

  /// architectures[0]; "" when the file names none (not an error here: --model may say it).
  std::string architecture() const;
  /// Where config.json says so, or says nothing.
  Span architectureSpan(const DiagnosticEngine &diags) const;
  /// Reports E0503 when architectures does not hold exactly one usable name.
  std::string requireArchitecture(DiagnosticEngine &diags) const;

  /// The weights lie in another folder or file; by default they lie here.
  void weightsLieAt(std::string place) { weights = std::move(place); }

  /// Reads a field: `outside` are its outside names, best first ("a.b", "a.#",
  /// "1_Pooling/config.json:key"; "weights:a": is there such a tensor, "weights:a != b": are both there and
  /// unlike; without weights they are absent), `type` its declared type, `field` its name and `declared` its place
  /// in the text for messages. Absent -> UseDefault; null -> none for `?` types, else UseDefault (with
  /// `hasDefault == false`: an error); several present ones must agree. Marks what it looks at as read.
  FieldResult readField(const std::string &field, const Span &declared, const HyperType &type, bool hasDefault,
                        const std::vector<std::string> &outside, DiagnosticEngine &diags);

  /// Marks the keys of config.json that a glob of an `ignore` names, with all below them.
  void ignoreKeys(std::string_view glob);

  /// Reports E0507 for every key of config.json that was neither read nor ignored; true when there was
  /// none. `known` are outside names that the config does read, for "did you mean".
  bool reportUnread(const std::vector<std::string> &known, DiagnosticEngine &diags) const;

  /// max_seq_length of sentence_bert_config.json, if that file is there and says so.
  std::optional<int64_t> maxSequenceLength(DiagnosticEngine &diags);
  /// Reads modules.json and the pooling module's config.json.
  PoolingInfo pooling(DiagnosticEngine &diags);
  /// True when the folder names no pooling, or mean pooling and length 1 as the texts' `embed` does;
  /// reports E0510 otherwise.
  bool checkPooling(DiagnosticEngine &diags);

  /// generation_config.json; where there is none, the same keys of config.json, in which others may stand. False after
  /// an error (E0513 to E0515).
  bool readGeneration(GenerationConfig &config, DiagnosticEngine &diags);
  /// chat_template.jinja, or the template in tokenizer_config.json, and the special tokens there. A folder without one
  /// leaves `chat` as it is. False after an error.
  bool readChat(ChatText &chat, DiagnosticEngine &diags);

private:
  struct Leaf {
    std::string path;
    bool used = false;
  };
  struct JsonFile {
    bool present = false;
    bool bad = false;
    FileId id = noFile;
    format::JsonValue root;
  };
  struct Found {
    enum class State { Absent, Null, Present, Error };
    State state = State::Absent;
    const format::JsonValue *value = nullptr;
    std::optional<int64_t> count; ///< for "a.#"
    Span source;
    std::string name;
  };

  explicit HfFolder(std::string path) : folder(std::move(path)) {}
  JsonFile &load(const std::string &relative, DiagnosticEngine &diags);
  void collect(const format::JsonValue &value, const std::string &path);
  /// Answers "a" or "a != b" about tensors; nothing when there are no readable weights.
  std::optional<bool> askWeights(std::string_view question);
  Found lookup(const std::string &outside, const Span &declared, DiagnosticEngine &diags);
  void markUsed(std::string_view path, bool withBelow);

  std::string folder;
  std::string weights; ///< "" until somebody says: the folder
  bool opened = false; ///< whether `tensors` was tried
  std::optional<format::SafetensorsSet> tensors;
  std::map<std::string, JsonFile> files;
  std::vector<Leaf> leaves; ///< of config.json, in the file's order
};

/// Converts a JSON value to a field's type; nullopt when it has another type.
std::optional<ConfigValue> convertJson(const format::JsonValue &value, const HyperType &type);
/// Converts the text of `--set name=text` to a field's type.
std::optional<ConfigValue> convertSetting(std::string_view text, const HyperType &type);

/// Byte range of the member at `path` (keys, or array indices as decimal text) of a valid JSON text:
/// its key and its value. The whole text when there is none.
Span locateJson(std::string_view text, FileId file, const std::vector<std::string> &path);

} // namespace sinter::frontend

#endif
