// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Whole sequences through the interpreter; see ReferenceStepper.h.
#include "tools/sinter/ReferenceStepper.h"

namespace sinter::tool {

generate::Stepper ReferenceStepper::stepper() {
  generate::Stepper result;
  result.self = this;
  result.shape.vocabulary = decoder.vocabulary;
  result.shape.context = uint64_t(decoder.context);
  result.shape.adapters = !decoder.adapter.empty();
  if (!decoder.source.empty())
    result.begin = [](void *self, const generate::Sources &all, sinter_error *error) {
      return static_cast<ReferenceStepper *>(self)->begin(all, error);
    };
  result.extend = [](void *self, const generate::Step &step, const float **logits, sinter_error *error) {
    return static_cast<ReferenceStepper *>(self)->extend(step, logits, error);
  };
  return result;
}

sinter_status ReferenceStepper::begin(const generate::Sources &all, sinter_error *error) {
  sources.clear();
  masks.clear();
  if (all.padded && decoder.mask.empty()) {
    snprintf(error->message, sizeof(error->message), "`%s` has no mask: its sources must be of one length", function.c_str());
    return error->status = SINTER_INVALID_ARGUMENT;
  }
  for (uint32_t row = 0; row < all.rows; ++row) {
    size_t first = size_t{row} * all.width;
    sources.push_back({{1, all.width}, {all.ids + first, all.ids + first + all.width}});
    masks.push_back({{1, all.width}, {all.mask + first, all.mask + first + all.width}});
  }
  return SINTER_OK;
}

sinter_status ReferenceStepper::extend(const generate::Step &step, const float **logits, sinter_error *error) {
  rows.resize(size_t{step.rows} * decoder.vocabulary);
  for (uint32_t row = 0; row < step.rows; ++row) {
    int64_t length = step.length[row] + step.count[row];
    std::map<std::string, Values> inputs;
    inputs[decoder.tokens] = {{1, length}, {step.history[row], step.history[row] + length}};
    if (!decoder.source.empty())
      inputs[decoder.source] = sources[size_t(step.source[row])];
    if (!decoder.source.empty() && !decoder.mask.empty())
      inputs[decoder.mask] = masks[size_t(step.source[row])];
    if (!decoder.adapter.empty())
      inputs[decoder.adapter] = {{1}, {double(step.adapter[row])}};
    std::vector<std::pair<std::string, Values>> results;
    if ((code = driver.interpret(function, inputs, results))) {
      snprintf(error->message, sizeof(error->message), "the interpreter has failed");
      return error->status = SINTER_REFUSED;
    }
    const std::vector<double> &all = results.front().second.data;
    std::copy(all.end() - decoder.vocabulary, all.end(), rows.begin() + std::ptrdiff_t(size_t{row} * decoder.vocabulary));
  }
  *logits = rows.data();
  return SINTER_OK;
}

} // namespace sinter::tool
