// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The interpreter behind the loop of generation: no cache, the causal function on each row's whole sequence, in float64.
// The obvious oracle for everything that compiled generation does.
#pragma once

#include "runtime/generate/Stepper.h"
#include "tools/sinter/Driver.h"

namespace sinter::tool {

class ReferenceStepper {
public:
  ReferenceStepper(Driver &driver, std::string function, Driver::Decoder decoder)
      : driver(driver), function(std::move(function)), decoder(std::move(decoder)) {}
  generate::Stepper stepper();
  /// Not exitOk: the interpreter has failed and has said why.
  int failure() const { return code; }

private:
  sinter_status begin(const generate::Sources &all, sinter_error *error);
  sinter_status extend(const generate::Step &step, const float **logits, sinter_error *error);

  Driver &driver;
  std::string function;
  Driver::Decoder decoder;
  std::vector<Values> sources, masks;
  std::vector<float> rows;
  int code = exitOk;
};

} // namespace sinter::tool
