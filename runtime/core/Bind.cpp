// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The inputs of a call enter; the sizes of the function, the shape of every argument and result, and a clear refusal of
// whatever does not fit leave. Messages name the argument, what the text asks for, and the numbers.

#include "runtime/core/Session.h"

#include <inttypes.h>
#include <string.h>

namespace sinter::runtime {

const char *dtypeName(uint32_t dtype) {
  static const char *const names[] = {"?", "f32", "i32", "bool", "bf16", "f16"};
  return names[dtype <= SINTER_F16 ? dtype : 0];
}

namespace {

/// Which axis of which argument fixed a size.
struct Binding {
  bool bound;
  uint32_t argument, axis;
};

struct Binder {
  sinter_session *session;
  const sinter_artifact &artifact;
  const SinterFunction &function;
  const sinter_input *inputs;
  sinter_error *error;
  Binding bindings[SINTER_MAX_SYMBOLS] = {};
  const char *names[SINTER_MAX_SYMBOLS] = {};

  const SinterTensor *arguments() const { return artifact.metaSection.table<SinterTensor>(function.args); }
  const SinterTensor *results() const { return artifact.metaSection.table<SinterTensor>(function.results); }
  const SinterExpr *dimsOf(const SinterTensor &tensor) const {
    return artifact.metaSection.table<SinterExpr>(tensor.dims);
  }
  const char *nameOf(const SinterTensor &tensor) const { return artifact.string(tensor.name); }

  /// "[B, T, 384]"
  void addShape(TextBuffer &text, const SinterTensor &tensor) const {
    text.add("[");
    for (uint32_t axis = 0; axis < tensor.dims.count; ++axis) {
      text.add("%s", axis ? ", " : "");
      addExpr(text, artifact.code, dimsOf(tensor)[axis], names);
    }
    text.add("]");
  }

  sinter_status checkGiven(uint32_t index);
  void fixSizes();
  sinter_status shapeOf(const SinterTensor &tensor, BoundTensor *out);
  sinter_status compare(uint32_t index);
  sinter_status checkConditions();
  sinter_status bind();
};

/// Type, rank, alignment and signs of one given input; everything that needs no sizes.
sinter_status Binder::checkGiven(uint32_t index) {
  const SinterTensor &tensor = arguments()[index];
  const sinter_input &input = inputs[index];
  char shape[256];
  TextBuffer text(shape, sizeof(shape));
  if (!input.data) {
    if (tensor.hasDefault)
      return SINTER_OK;
    addShape(text, tensor);
    return fail(error, SINTER_INVALID_ARGUMENT, "argument '%.100s': %s %s is not given, and it has no default",
                nameOf(tensor), dtypeName(tensor.dtype), shape);
  }
  uint32_t dtype = rawEnum(input.dtype);
  if (dtype != tensor.dtype)
    return fail(error, SINTER_INVALID_ARGUMENT, "argument '%.100s' is %s, not %s", nameOf(tensor),
                dtypeName(tensor.dtype), dtypeName(dtype));
  if (input.rank != tensor.dims.count) {
    addShape(text, tensor);
    return fail(error, SINTER_INVALID_ARGUMENT, "argument '%.100s' has the shape %s: %u axes, not %u", nameOf(tensor),
                shape, tensor.dims.count, input.rank);
  }
  for (uint32_t axis = 0; axis < input.rank; ++axis)
    if (input.dims[axis] < 1) {
      addDims(text, input.dims, input.rank);
      return fail(error, SINTER_INVALID_ARGUMENT, "argument '%.100s' has the shape %s: every size must be at least 1",
                  nameOf(tensor), shape);
    }
  bool isPaged = tensor.state == SINTER_STATE_PAGED;
  if (reinterpret_cast<uintptr_t>(input.data) % (isPaged ? SINTER_ALIGN : elementSize(tensor.dtype)))
    return fail(error, SINTER_INVALID_ARGUMENT, "argument '%.100s' is not aligned to %s", nameOf(tensor),
                isPaged ? "64 bytes" : "its elements");
  return SINTER_OK;
}

/// A size is fixed where it first stands alone in the shape of a given argument.
void Binder::fixSizes() {
  for (uint32_t index = 0; index < function.args.count; ++index) {
    if (!inputs[index].data)
      continue;
    const SinterTensor &tensor = arguments()[index];
    for (uint32_t axis = 0; axis < tensor.dims.count; ++axis) {
      int symbol = loneSymbol(artifact.code, dimsOf(tensor)[axis]);
      if (symbol < 0 || bindings[symbol].bound)
        continue;
      bindings[symbol] = {true, index, axis};
      session->symbols[symbol] = inputs[index].dims[axis];
    }
  }
}

/// Dims and bytes of a tensor by its expressions.
sinter_status Binder::shapeOf(const SinterTensor &tensor, BoundTensor *out) {
  *out = {tensor.dims.count, {}, elementSize(tensor.dtype), nullptr};
  for (uint32_t axis = 0; axis < out->rank; ++axis) {
    int64_t size;
    bool exact = evaluate(artifact.code, dimsOf(tensor)[axis], session->symbols, &size);
    if (exact && size >= 1 && mulChecked(out->bytes, static_cast<uint64_t>(size), &out->bytes) &&
        out->bytes <= INT64_MAX) {
      out->dims[axis] = size;
      continue;
    }
    char shape[256];
    TextBuffer text(shape, sizeof(shape));
    addShape(text, tensor);
    if (exact && size < 1)
      return fail(error, SINTER_INVALID_ARGUMENT, "'%.100s' would have the shape %s with %" PRId64 " on axis %u",
                  nameOf(tensor), shape, size, axis);
    return fail(error, SINTER_INVALID_ARGUMENT, "'%.100s', of shape %s, is too large for any memory", nameOf(tensor),
                shape);
  }
  return SINTER_OK;
}

/// Does the given input have the shape that the sizes ask for?
sinter_status Binder::compare(uint32_t index) {
  const SinterTensor &tensor = arguments()[index];
  const sinter_input &input = inputs[index];
  const BoundTensor &bound = session->arguments[index];
  for (uint32_t axis = 0; axis < bound.rank; ++axis) {
    if (input.dims[axis] == bound.dims[axis])
      continue;
    char given[200], expected[200], why[300];
    TextBuffer givenText(given, sizeof(given)), expectedText(expected, sizeof(expected)), whyText(why, sizeof(why));
    addDims(givenText, input.dims, input.rank);
    addExpr(expectedText, artifact.code, dimsOf(tensor)[axis], names);
    for (uint32_t symbol = 0; symbol < function.symbols.count; ++symbol)
      if (bindings[symbol].bound)
        whyText.add("%s%.40s is axis %u of '%.60s'", whyText.used ? ", " : "", names[symbol], bindings[symbol].axis,
                    nameOf(arguments()[bindings[symbol].argument]));
    return fail(error, SINTER_INVALID_ARGUMENT,
                "argument '%.100s' has the shape %s, but its axis %u must be %s = %" PRId64 "%s%s%s", nameOf(tensor),
                given, axis, expected, bound.dims[axis], whyText.used ? " (" : "", why, whyText.used ? ")" : "");
  }
  return SINTER_OK;
}

bool holds(uint32_t predicate, int64_t a, int64_t b) {
  switch (predicate) {
  case SINTER_EQ:
    return a == b;
  case SINTER_NE:
    return a != b;
  case SINTER_LT:
    return a < b;
  case SINTER_LE:
    return a <= b;
  case SINTER_GT:
    return a > b;
  default:
    return a >= b;
  }
}

/// The text's `check` lines; "{0}" in a message shows a number.
sinter_status Binder::checkConditions() {
  const auto *checks = artifact.metaSection.table<SinterCheck>(function.checks);
  for (uint32_t i = 0; i < function.checks.count; ++i) {
    const SinterCheck &check = checks[i];
    int64_t lhs, rhs;
    bool exact = evaluate(artifact.code, check.lhs, session->symbols, &lhs) &&
                 evaluate(artifact.code, check.rhs, session->symbols, &rhs);
    if (exact && holds(check.predicate, lhs, rhs))
      continue;
    char message[700];
    TextBuffer text(message, sizeof(message));
    const auto *shown = artifact.metaSection.table<SinterExpr>(check.shown);
    for (const char *c = artifact.string(check.message); *c; ++c) {
      int64_t value;
      uint32_t number =
          static_cast<uint32_t>(c[0] == '{' && c[1] >= '0' && c[1] <= '9' && c[2] == '}' ? c[1] - '0' : 10);
      if (number < check.shown.count && number < 10 &&
          evaluate(artifact.code, shown[number], session->symbols, &value)) {
        text.add("%" PRId64, value);
        c += 2;
      } else {
        text.add("%c", *c);
      }
    }
    const char *site = artifact.string(check.site);
    return fail(error, SINTER_REFUSED, "%.200s%s%s", site, *site ? ": " : "", message);
  }
  return SINTER_OK;
}

sinter_status Binder::bind() {
  for (uint32_t symbol = 0; symbol < function.symbols.count; ++symbol)
    names[symbol] = artifact.symbolName(function, symbol);
  if (!session->arguments.reserve(function.args.count) || !session->results.reserve(function.results.count))
    return fail(error, SINTER_OUT_OF_MEMORY, "no memory for the description of a call");
  memset(session->symbols, 0, sizeof(session->symbols));
  for (uint32_t i = 0; i < function.args.count; ++i)
    SINTER_TRY(checkGiven(i));
  fixSizes();
  for (uint32_t symbol = 0; symbol < function.symbols.count; ++symbol)
    if (!bindings[symbol].bound)
      return fail(error, SINTER_INVALID_ARGUMENT, "no given argument fixes the size %.100s", names[symbol]);
  for (uint32_t i = 0; i < function.args.count; ++i) {
    SINTER_TRY(shapeOf(arguments()[i], &session->arguments[i]));
    session->arguments[i].data = const_cast<void *>(inputs[i].data);
    if (inputs[i].data)
      SINTER_TRY(compare(i));
  }
  SINTER_TRY(checkConditions());
  for (uint32_t i = 0; i < function.results.count; ++i)
    SINTER_TRY(shapeOf(results()[i], &session->results[i]));
  return SINTER_OK;
}

} // namespace

sinter_status bind(sinter_session *session, uint32_t function, const sinter_input *inputs, sinter_error *error) {
  const sinter_artifact &artifact = *session->artifact;
  session->function = function;
  Binder binder = {session, artifact, artifact.functions[function], inputs, error};
  return binder.bind();
}

} // namespace sinter::runtime
