// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The shared library of `--emit lib`: the runtime without a model, and six functions around one. The packer appends an
// artifact, patches the slot and three program headers (runtime/exe/Slots.h), and gives the functions the library's
// name in place of the long placeholders (Names.h), so that many libraries may live in one process. What they promise
// is written for their users in the header that is made beside the library (codegen/exe/LibraryHeader.cpp).

#include "runtime/exe/Slots.h"
#include "runtime/lib/Names.h"

#include "sinter/sinter.h"

#include <stdlib.h>
#include <string.h>

// Dummy sections that become the artifact's three segments; "R" keeps them although nobody refers to them.
__asm__(".section .sinter.ro,\"aR\",@progbits\n.quad 0\n"
        ".section .sinter.rx,\"axR\",@progbits\n.quad 0\n"
        ".section .sinter.wt,\"aR\",@progbits\n.quad 0\n.text\n");

// Volatile: the packer writes what the compiler believes to be zero.
__attribute__((section(".sinter.slot"), used, aligned(8))) static const volatile SinterStubSlot slot = {
    {'S', 'I', 'N', 'T', 'E', 'R', '-', 'S', 'T', 'U', 'B', '-', 'S', 'L', 'O', 'T'}, 0, 0};

extern "C" const char __ehdr_start[] __attribute__((visibility("hidden")));

// The header beside a library says these in its own words (codegen/exe/LibraryHeader.cpp).
static_assert(sizeof(sinter_error) == 1020 && sizeof(sinter_input) == 16 + 8 * SINTER_TENSOR_RANK &&
              sizeof(sinter_output) == 24 + 8 * SINTER_TENSOR_RANK && SINTER_TENSOR_RANK == 8 &&
              SINTER_DTYPE_F32 == 1 && SINTER_DTYPE_I32 == 2 && SINTER_DTYPE_BOOL == 3);

namespace {
/// What NAME_open gives: the artifact in place, and one session of its own.
struct Model {
  sinter_artifact *artifact;
  sinter_session *session;
};

sinter_status refuse(sinter_error *error, sinter_status status, const char *message) {
  if (error) {
    error->status = status;
    strncpy(error->message, message, sizeof(error->message) - 1);
    error->message[sizeof(error->message) - 1] = 0;
  }
  return status;
}
} // namespace

#define EXPORTED(function) extern "C" __attribute__((visibility("default"), used)) int function

EXPORTED(SINTER_LIBRARY_CLOSE)(Model *model) {
  if (!model)
    return SINTER_OK;
  sinter_session_destroy(model->session);
  sinter_artifact_close(model->artifact);
  free(model);
  return SINTER_OK;
}

EXPORTED(SINTER_LIBRARY_OPEN)(uint32_t threads, uint32_t ownWeights, Model **out, sinter_error *error) {
  if (!out)
    return refuse(error, SINTER_INVALID_ARGUMENT, "the place for the model is null");
  uint64_t address = slot.address;
  if (address == 0)
    return refuse(error, SINTER_BAD_ARTIFACT, "this is the runtime alone; it carries no model");
  auto *model = static_cast<Model *>(calloc(1, sizeof(Model)));
  if (!model)
    return refuse(error, SINTER_OUT_OF_MEMORY, "no memory for a model");
  sinter_options options = {threads, 0, ownWeights};
  sinter_status status = sinter_artifact_from_mapping(__ehdr_start + address, slot.size, &model->artifact, error);
  if (status == SINTER_OK)
    status = sinter_session_create(model->artifact, &options, &model->session, error);
  if (status != SINTER_OK) {
    SINTER_LIBRARY_CLOSE(model);
    return status;
  }
  *out = model;
  return SINTER_OK;
}

EXPORTED(SINTER_LIBRARY_CALL)(Model *model, uint32_t function, const sinter_input *inputs, sinter_output *outputs,
                              sinter_error *error) {
  if (!model)
    return refuse(error, SINTER_INVALID_ARGUMENT, "the model is null");
  return sinter_call(model->session, function, inputs, outputs, error);
}

EXPORTED(SINTER_LIBRARY_EMBED)(Model *model, const char *text, size_t length, uint32_t truncate, const float **vector,
                               uint64_t *width, sinter_error *error) {
  if (!model)
    return refuse(error, SINTER_INVALID_ARGUMENT, "the model is null");
  sinter_text_options options = {truncate, 0};
  return sinter_embed_text(model->session, text, length, &options, vector, width, error);
}

EXPORTED(SINTER_LIBRARY_EMBED_TEXTS)(Model *model, const sinter_text *texts, uint64_t count, uint32_t truncate,
                                     const float **vectors, uint64_t *width, sinter_error *error) {
  if (!model)
    return refuse(error, SINTER_INVALID_ARGUMENT, "the model is null");
  sinter_text_options options = {truncate, 0};
  return sinter_embed_texts(model->session, texts, count, &options, vectors, width, error);
}

EXPORTED(SINTER_LIBRARY_TOKENIZE)(const Model *model, const char *text, size_t length, uint32_t truncate, int32_t *ids,
                                  uint64_t capacity, uint64_t *count, sinter_error *error) {
  if (!model)
    return refuse(error, SINTER_INVALID_ARGUMENT, "the model is null");
  sinter_text_options options = {truncate, 0};
  return sinter_tokenize(model->artifact, text, length, &options, ids, capacity, count, error);
}
