// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// Invalid programs: each text of invalid/ says on its first line which codes it must be answered with, as in
// `# errors: E0101 E0201`, and what is said of it stands in its golden NAME.expected. All stages but emission.
#include "test/frontend/ExpectGolden.h"
#include "test/frontend/elaborate/ElaborateText.h"

#include <gtest/gtest.h>
#include <set>

using namespace sinter::frontend;
using namespace sinter::frontend::test;

TEST(Invalid, Programs) {
  InsideFolder inside(testFolder() + "/invalid");
  std::vector<std::string> names = filesOf(".", ".sinter");
  std::set<std::string> messages;
  for (const std::string &name : names) {
    SCOPED_TRACE(name);
    std::string text = readWhole(name);
    std::string head = "# errors: ";
    ASSERT_EQ(text.compare(0, head.size(), head), 0) << "no `# errors:` line";
    DiagnosticEngine diags;
    EXPECT_FALSE(checkText(modelOf(name), diags));
    EXPECT_EQ(codes(diags), text.substr(head.size(), text.find('\n') - head.size())) << diags.render();
    for (const Diagnostic &diagnostic : diags.diagnostics())
      EXPECT_TRUE(diagnostic.primary.span.isValid());
    expectGolden("invalid/" + name.substr(0, name.size() - 7) + ".expected", diags.render());
    messages.insert(text.substr(text.find('\n')));
  }
  EXPECT_GE(names.size(), 170u);
  EXPECT_EQ(messages.size(), names.size()) << "two texts are the same";
  EXPECT_EQ(filesOf(".", ".expected").size(), names.size()) << "a golden without a text";
}
