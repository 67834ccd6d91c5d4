// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The header beside libNAME.so. It stands alone: the structures are those of sinter/sinter.h under the library's name.
#include "codegen/exe/PackLibrary.h"

#include <cstdio>

namespace sinter::codegen {
namespace {

const char *const types = R"(
/* Filled on failure. One line. */
typedef struct NAME_error {
  int32_t status; /* as the function returns: 1 wrong use, 2 damaged, 3 no code for this processor, 5 out of memory,
                     6 refused by the model, 7 NaN or infinity, 8 the model is inside another call, 9 not there */
  char message[1016];
} NAME_error;

/* The model's code and weights are mapped with this library; a NAME_model is threads and working memory to run them.
 * One call at a time each; several are independent of each other and share the weights. */
typedef struct NAME_model NAME_model;

/* threads: 0 for one for each processor, 1 for only the caller's. own_weights: 0 to share the weights with other models and
 * processes, 1 for a copy of this model's own, which makes calls a few percent faster. The same bits for any choice. */
int NAME_open(uint32_t threads, uint32_t own_weights, NAME_model **model, NAME_error *error);
/* Null is allowed. */
int NAME_close(NAME_model *model);
)";

const char *const text = R"(
/* The vector of `length` bytes of UTF-8; it belongs to the model, until its next call. Too long a text is an error,
 * unless truncate is 1. */
int NAME_embed(NAME_model *model, const char *text, size_t length, uint32_t truncate, const float **vector,
               uint64_t *width, NAME_error *error);

/* The same on `count` texts, at least one: vectors[i * width ...] is that of texts[i], with the same bits. Texts of
 * equally many tokens share a call, without padding: faster than one by one. */
typedef struct NAME_text {
  const char *data;
  size_t length;
} NAME_text;
int NAME_embed_texts(NAME_model *model, const NAME_text *texts, uint64_t count, uint32_t truncate,
                     const float **vectors, uint64_t *width, NAME_error *error);
)";

const char *const tokenize = R"(
/* The tokens of a text; up to `capacity` are written to ids, `count` is always the whole number. */
int NAME_tokenize(const NAME_model *model, const char *text, size_t length, uint32_t truncate, int32_t *ids,
                  uint64_t capacity, uint64_t *count, NAME_error *error);
)";

const char *const call = R"(
/* The general call, which the functions below make. Row major; dtype 1: float, 2: int32_t, 3: bool as a byte. */
typedef struct NAME_input {
  const void *data; /* null: the default */
  int32_t dtype;
  uint32_t rank;
  int64_t dims[8];
} NAME_input;
typedef struct NAME_output {
  void *data;     /* in: your memory, or null; out: where it is. Null in means the model's, until its next call. */
  uint64_t bytes; /* in: how many your memory has; out: how many the result has */
  int32_t dtype;
  uint32_t rank;
  int64_t dims[8];
} NAME_output;
int NAME_call(NAME_model *model, uint32_t function, const NAME_input *inputs, NAME_output *outputs, NAME_error *error);
static inline int64_t NAME_floordiv(int64_t a, int64_t b) { return b ? a / b - (a % b != 0 && (a < 0) != (b < 0)) : 0; }
static inline int64_t NAME_min(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int NAME_refuse(NAME_error *error, const char *message) {
  size_t i = 0;
  if (error) {
    error->status = 1;
    for (; message[i] && i + 1 < sizeof error->message; ++i)
      error->message[i] = message[i];
    error->message[i] = 0;
  }
  return 1;
}
)";

std::string replaceAll(std::string text, const std::string &from, const std::string &to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

/// Names of the text that C keeps for itself get an underscore.
std::string identifier(const std::string &name) {
  static const char *const kept[] = {
      "auto",     "break",  "case",     "char",    "const",  "continue", "default", "do",     "double",   "else",
      "enum",     "extern", "float",    "for",     "goto",   "if",       "inline",  "int",    "long",     "register",
      "restrict", "return", "short",    "signed",  "sizeof", "static",   "struct",  "switch", "typedef",  "union",
      "unsigned", "void",   "volatile", "while",   "bool",   "class",    "new",     "delete", "this",     "template",
      "model",    "error",  "inputs",   "outputs", "open",   "close",    "call",    "embed",  "tokenize", "min",
      "floordiv", "refuse", "embed_texts", "text", "input",  "output",   "private", "public", "operator"};
  for (const char *word : kept)
    if (name == word)
      return name + "_";
  return name;
}

class HeaderWriter {
public:
  HeaderWriter(const Artifact &artifact, const LibraryName &name) : artifact(artifact), name(name) {}

  std::string write() {
    out = "/* " + artifact.model + " as a C library, written by `sinter compile`: link with -l" + name.prefix +
          ".\n * Every function returns 0 for success; `error` may be null. */\n#ifndef SINTER_LIBRARY_" + name.prefix +
          "_H\n#define SINTER_LIBRARY_" + name.prefix +
          "_H\n\n#include <stddef.h>\n#include <stdint.h>\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n" + types;
    bool embeds = false;
    for (const FunctionInfo &function : artifact.functions)
      embeds |= function.name == "embed";
    if (!artifact.tokenizer.empty())
      out += embeds ? std::string(text) + tokenize : tokenize;
    out += call;
    for (size_t i = 0; i < artifact.functions.size(); ++i)
      writeFunction(artifact.functions[i], i);
    out += "\n#ifdef __cplusplus\n}\n#endif\n#endif\n";
    return replaceAll(std::move(out), "NAME", name.prefix);
  }

private:
  static const char *elementOf(uint32_t dtype) {
    return dtype == SINTER_F32 ? "float" : dtype == SINTER_I32 ? "int32_t" : "uint8_t";
  }
  static std::string expression(const Dim &dim) {
    return replaceAll(replaceAll(dim.str(), "floordiv(", "NAME_floordiv("), "min(", "NAME_min(");
  }
  static std::string shapeOf(const TensorInfo &tensor) {
    std::string shape;
    for (const Dim &dim : tensor.dims)
      shape += (shape.empty() ? "" : ", ") + dim.str();
    return "[" + shape + "]";
  }
  static std::string fields(const TensorInfo &tensor) {
    std::string dims;
    for (const Dim &dim : tensor.dims)
      dims += (dims.empty() ? "" : ", ") + expression(dim);
    return std::to_string(tensor.dtype) + ", " + std::to_string(tensor.dims.size()) + ", {" +
           (dims.empty() ? "0" : dims) + "}";
  }

  /// NAME_embed takes texts; the model's function of that name, which takes tokens, is NAME_embed_.
  void writeFunction(const FunctionInfo &function, size_t number) {
    std::string called = "NAME_" + identifier(function.name);
    out += "\n/*";
    for (const TensorInfo &argument : function.args) {
      out += " " + identifier(argument.name) + " " + shapeOf(argument);
      if (argument.defaultValue) {
        char value[40];
        std::snprintf(value, sizeof value, "%g", *argument.defaultValue);
        out += std::string(", null for all ") + value;
      }
      out += ";";
    }
    for (size_t i = 0; i < function.results.size(); ++i)
      out +=
          std::string(i ? ", " : " gives ") + identifier(function.results[i].name) + " " + shapeOf(function.results[i]);
    out += ", your memory. */\nstatic inline int " + called + "(NAME_model *model";
    for (const std::string &symbol : function.symbols)
      out += ", int64_t " + symbol;
    for (const TensorInfo &argument : function.args)
      out += std::string(", const ") + elementOf(argument.dtype) + " *" + identifier(argument.name);
    for (const TensorInfo &result : function.results)
      out += std::string(", ") + elementOf(result.dtype) + " *" + identifier(result.name);
    out += ", NAME_error *error) {\n";
    for (const TensorInfo &result : function.results)
      out += "  if (!" + identifier(result.name) + ")\n    return NAME_refuse(error, \"" + function.name + ": the result " +
             result.name + " needs memory of yours, not null\");\n";
    out += "  NAME_input inputs[] = {";
    for (const TensorInfo &argument : function.args)
      out += "\n      {" + identifier(argument.name) + ", " + fields(argument) + "},";
    if (function.args.empty())
      out += "{0, 0, 0, {0}}";
    out += "};\n  NAME_output outputs[] = {";
    for (const TensorInfo &result : function.results)
      out += "\n      {" + identifier(result.name) + ", " + bytes(result) + ", " + fields(result) + "},";
    out += "};\n  return NAME_call(model, " + std::to_string(number) + ", inputs, outputs, error);\n}\n";
  }
  static std::string bytes(const TensorInfo &tensor) {
    std::string product = std::string("sizeof(") + elementOf(tensor.dtype) + ")";
    for (const Dim &dim : tensor.dims)
      product += " * (uint64_t)(" + expression(dim) + ")";
    return product;
  }

  const Artifact &artifact;
  const LibraryName &name;
  std::string out;
};

} // namespace

std::string libraryHeader(const Artifact &artifact, const LibraryName &name) {
  return HeaderWriter(artifact, name).write();
}

} // namespace sinter::codegen
