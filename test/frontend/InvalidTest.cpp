// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Invalid programs: each text of invalid/ says on its first line which codes it must be answered with,
// as in `# errors: E0101 E0201`. Those of later stages (E03, E04, E07, E08) are run by theirs.
#include "test/frontend/ExpectGolden.h"

#include "frontend/resolve/Program.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

TEST(Invalid, SyntaxAndNames) {
  InsideFolder inside(testFolder() + "/invalid");
  size_t count = 0;
  for (const std::string &name : filesOf(".", ".sinter")) {
    SCOPED_TRACE(name);
    std::string text = readWhole(name);
    std::string head = "# errors: ";
    ASSERT_EQ(text.compare(0, head.size(), head), 0) << "no `# errors:` line";
    std::string wanted = text.substr(head.size(), text.find('\n') - head.size());
    if (wanted.find("E01") == std::string::npos && wanted.find("E02") == std::string::npos)
      continue;
    ++count;
    DiagnosticEngine diags;
    loadProgram(name, diags);
    EXPECT_EQ(codes(diags), wanted) << diags.render();
    for (const Diagnostic &diagnostic : diags.diagnostics())
      EXPECT_TRUE(diagnostic.primary.span.isValid());
  }
  EXPECT_GE(count, 100u);
}
