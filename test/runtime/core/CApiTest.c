/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * The C API from C11: the headers compile by themselves, pedantically, and the library links without a C++ runtime. */
#include "sinter/abi.h"
#include "sinter/sinter.h"

#include <stdio.h>
#include <string.h>

#define EXPECT(condition)                                                                                              \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                                  \
      return 1;                                                                                                        \
    }                                                                                                                  \
  } while (0)

int main(void) {
  _Alignas(64) static const char bytes[4096] = "not an artifact";
  sinter_artifact *artifact = NULL;
  sinter_session *session = NULL;
  sinter_error error;
  EXPECT(sinter_artifact_from_memory(bytes, sizeof bytes, NULL, 0, &artifact, &error) == SINTER_BAD_ARTIFACT);
  EXPECT(error.status == SINTER_BAD_ARTIFACT);
  EXPECT(strcmp(error.message, "this is not an artifact: it does not begin with \"SINTER\"") == 0);
  EXPECT(sinter_artifact_from_mapping(bytes, 3, &artifact, NULL) == SINTER_BAD_ARTIFACT);
  EXPECT(sinter_artifact_open("/nonexistent", &artifact, &error) == SINTER_IO);
  EXPECT(sinter_session_create(artifact, NULL, &session, &error) == SINTER_INVALID_ARGUMENT);
  EXPECT(artifact == NULL && session == NULL);
  EXPECT(strcmp(sinter_status_name(SINTER_BUSY), "busy") == 0);
  EXPECT(strcmp(sinter_status_name((sinter_status)99), "unknown status") == 0);
  EXPECT(strcmp(sinter_version(), "0.1.0") == 0);
  sinter_session_destroy(NULL);
  sinter_artifact_close(NULL);
  return 0;
}
