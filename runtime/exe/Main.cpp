// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The stub: the runtime as a static-PIE program without a model. The packer appends an artifact and patches the slot
// and three program headers (Slots.h); the kernel then maps code and weights at exec. Exit status, as of the
// tools (docs/cli.md): 0 done, 1 the input is wrong, 2 the command line is wrong, 3 the world is (a file, memory, the
// processor, a damaged program), 130 ctrl-C. The reason is on standard error.

#include "runtime/core/Artifact.h"
#include "runtime/exe/Commands.h"
#include "runtime/exe/GenerateCommand.h"
#include "runtime/exe/Slots.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Dummy sections that become the artifact's three segments; the linker places them at SINTER_STUB_FIRST_ADDRESS and
// above. "R" keeps them although nobody refers to them.
__asm__(".section .sinter.ro,\"aR\",@progbits\n.quad 0\n"
        ".section .sinter.rx,\"axR\",@progbits\n.quad 0\n"
        ".section .sinter.wt,\"aR\",@progbits\n.quad 0\n.text\n");

// Volatile: the packer writes what the compiler believes to be zero.
__attribute__((section(".sinter.slot"), used, aligned(8))) static const volatile SinterStubSlot slot = {
    {'S', 'I', 'N', 'T', 'E', 'R', '-', 'S', 'T', 'U', 'B', '-', 'S', 'L', 'O', 'T'}, 0, 0};

extern "C" const char __ehdr_start[] __attribute__((visibility("hidden")));

using namespace sinter::exe;

static int exitStatus(sinter_status status) {
  switch (status) {
  case SINTER_OK:
    return 0;
  case SINTER_IO:
  case SINTER_OUT_OF_MEMORY:
  case SINTER_UNSUPPORTED_MACHINE:
  case SINTER_BAD_ARTIFACT:
    return 3;
  default:
    return 1;
  }
}

/// The kernel maps code and weights from the file at exec: a file that was cut short shows here, at the first touch.
static void onMissingPage(int) {
  static const char message[] = "this program's file is cut short: copy it again\n";
  (void)!write(2, message, sizeof message - 1);
  _exit(3);
}

int main(int argc, char **argv) {
  signal(SIGBUS, onMissingPage);
  sinter_error error;
  Options options;
  uint64_t address = slot.address;
  sinter_artifact *artifact = nullptr;
  sinter_status status = SINTER_OK;
  if (address) {
    (void)*reinterpret_cast<const volatile char *>(__ehdr_start + address + slot.size - 1); // is the file whole?
    status = sinter_artifact_from_mapping(__ehdr_start + address, slot.size, &artifact, &error);
  }
  // Which words there are depends on the model. A wrong command line is told before a damaged program.
  sinter_error wrong;
  if (parseOptions(argc, argv, artifact && artifact->generation, &options, &wrong) != SINTER_OK) {
    fprintf(stderr, "%s: %s\n", options.program, wrong.message);
    return 2;
  }
  if (!address) {
    fprintf(stderr, "%s: this is the runtime alone; it carries no model\n", options.program);
    return 3;
  }
  if (status == SINTER_OK && options.command == Command::Generate)
    status = generateWithArtifact(artifact, options.threads, *options.generate, &error);
  else if (status == SINTER_OK && options.command == Command::Embed)
    status = embedCommand(artifact, options, &error);
  else if (status == SINTER_OK && options.command == Command::Run)
    status = runCommand(artifact, options, &error);
  else if (status == SINTER_OK && options.command == Command::Help)
    printHelp(artifact, options);
  else if (status == SINTER_OK)
    printVersion(artifact, options);
  if (status == SINTER_CANCELLED) // what was made has been printed
    return exitInterrupted;
  if (status != SINTER_OK) {
    fprintf(stderr, "%s: %s\n", options.program, error.message);
    return exitStatus(status);
  }
  if (fflush(stdout) != 0 || ferror(stdout)) {
    fprintf(stderr, "%s: the answer cannot be written: %s\n", options.program, strerror(errno));
    return 3;
  }
  return 0;
}
