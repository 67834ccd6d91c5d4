// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `sinter generate`: prompts -> text, through compiled code or the interpreter. What happens once the model is ready is
// what stand-alone executables do, too (runtime/exe/GenerateCommand.h).
#include "tools/sinter/Driver.h"
#include "tools/sinter/Progress.h"
#include "tools/sinter/ReferenceStepper.h"
#include "tools/sinter/TraceNan.h"

#include "runtime/exe/GenerateCommand.h"

namespace sinter::tool {
namespace {

int answer(sinter_status status, const sinter_error &error) {
  if (status == SINTER_CANCELLED)
    return exe::exitInterrupted;
  return status ? fail(exitOf(status), error.message) : int(exitOk);
}

int generateOnCpu(const GenerateOptions &options, Driver &driver) {
  {
    Progress progress("compiling");
    if (int code = driver.deriveDecode(/*alone=*/true))
      return code;
    if (int code = driver.lower())
      return code;
    if (int code = driver.generate())
      return code;
  }
  if (int code = driver.addGeneration())
    return code;
  if (int code = driver.prepareWeights())
    return code;
  sinter_artifact *artifact = nullptr;
  if (int code = driver.openArtifact(&artifact))
    return code;
  sinter_error error;
  TraceNan trace(driver);
  exe::SessionListener listener;
  if (!options.traceNan.empty())
    listener = {[](void *self, sinter_session *session) { static_cast<TraceNan *>(self)->listen(session); }, &trace};
  sinter_status status = exe::generateWithArtifact(artifact, options.threads, options.wish, &error, listener);
  sinter_artifact_close(artifact);
  if (!options.traceNan.empty() && (!status || status == SINTER_NOT_FINITE))
    trace.report();
  return answer(status, error);
}

int generateOnReference(const GenerateOptions &options, Driver &driver, const std::string &function,
                        const Driver::Decoder &decoder) {
  if (int code = driver.addGeneration())
    return code;
  const codegen::Artifact &artifact = driver.artifact();
  exe::GenerateModel model;
  model.name = options.input.c_str();
  model.configuration.values = reinterpret_cast<const SinterGeneration *>(artifact.generation.data());
  SinterTokenizer tokenizer;
  const char *message = nullptr;
  if (!artifact.tokenizer.empty()) {
    if (sinterTokenizerOpen(&tokenizer, artifact.tokenizer.data(), artifact.tokenizer.size(), &message))
      return fail(exitInternal, message);
    model.tokenizer = &tokenizer;
  }
  if (!artifact.chat.empty())
    model.chat = reinterpret_cast<const SinterChat *>(artifact.chat.data());
  ReferenceStepper reference(driver, function, decoder);
  model.stepper = reference.stepper();
  sinter_error error;
  sinter_status status = exe::generateCommand(model, options.wish, &error);
  return reference.failure() ? reference.failure() : answer(status, error);
}

} // namespace

int runGenerate(const GenerateOptions &options) {
  sinter_error error;
  if (exe::checkWish(options.wish, &error))
    return fail(exitUsage, error.message);
  if (!options.traceNan.empty() && options.target == "reference")
    return fail(exitUsage, "--trace-nan looks at compiled kernels; the reference has none");
  if (!options.functions.empty())
    return fail(exitUsage, "generate goes on from the function forward; use run for another");
  Driver driver(options);
  if (int code = driver.loadText({"forward"}))
    return code;
  Driver::Decoder decoder;
  if (int code = driver.describeDecoder("forward", decoder))
    return code;
  if (int code = driver.findWeights())
    return code;
  if (int code = driver.addTokenizer())
    return code;
  return options.target == "reference" ? generateOnReference(options, driver, "forward", decoder)
                                       : generateOnCpu(options, driver);
}

} // namespace sinter::tool
