// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// The name checker's state: CheckExprs.cpp walks expressions and calls, CheckBodies.cpp functions and
// statements, CheckDecls.cpp declarations and members. Private to this folder.
#ifndef SINTER_FRONTEND_RESOLVE_NAMECHECKER_H
#define SINTER_FRONTEND_RESOLVE_NAMECHECKER_H

#include "frontend/resolve/Builtins.h"
#include "frontend/resolve/NameTables.h"

#include <set>

namespace sinter::frontend {

/// What is known of an expression before any value is: enough to check fields and calls of instances.
struct StaticType {
  enum class Kind : uint8_t { Unknown, Config, Instance, InstanceList };
  Kind kind = Kind::Unknown;
  const Config *config = nullptr;
  const Module *module = nullptr;
  const Scope *scope = nullptr; ///< of the config or module
};

class NameChecker {
public:
  NameChecker(const Scope &scope, DiagnosticEngine &diags) : scope(scope), diags(diags) {}
  void run();

private:
  /// Where an expression stands, which decides what it may name.
  enum class Place : uint8_t {
    Value,    ///< numbers, strings, tensors
    Instance, ///< modules may be called: members and `replace … with`
  };

  /// What a callee accepts.
  struct Signature {
    std::string name;
    struct Slot {
      std::string name;
      bool optional;
    };
    std::vector<Slot> slots;
    std::vector<std::string> extra; ///< further names that may be given (inputs)
    bool anyNamed = false;
    size_t least = 0; ///< for builtins, whose slots have no names
    Span declared;
  };

  // Declarations (CheckDecls.cpp).
  void checkDecl(const Decl &decl);
  void checkConfig(const Config &config);
  void checkConfigMembers(const std::vector<Member> &members);
  void checkModule(const Decl &decl, const Module &module);
  void checkMembers(const std::vector<Member> &members);
  void checkVariant(const Variant &variant);
  void checkAlias(const ModelAlias &alias);
  void checkEdit(const Edit &edit);
  void checkHyperParams(const std::vector<HyperParam> &params);
  void checkType(const HyperType &type);
  void checkOutside(const OutsideNames &outside);
  /// `order` lists the names of `taken` that this walk added.
  void checkDuplicates(const std::vector<Member> &members, std::map<std::string, Span> &taken,
                       std::vector<std::string> &order);
  void checkUnusedImports();

  // Functions and statements (CheckBodies.cpp).
  void checkFunction(const Function &function);
  void checkSignature(const Function &function);
  void checkDims(const TensorType &type);
  void checkBody(const std::vector<Stmt> &body, const Function &function);
  void checkStmt(const Stmt &stmt, const Function &function);
  void checkReturn(const Return &node, const Stmt &stmt, const Function &function);
  void checkMessage(const Check &check);
  bool endsInReturn(const std::vector<Stmt> &body) const;
  bool hasErrorIn(const Function &function) const;
  /// Reports E0213 when a new local name hides one of the language, the file or the module.
  void checkHides(const Ident &name);

  // Expressions (CheckExprs.cpp).
  void check(const Expr &expr, Place place = Place::Value);
  void checkName(const Expr &expr, const NameRef &node);
  void checkCall(const Expr &expr, const CallExpr &node, Place place);
  void checkMember(const MemberExpr &node);
  void checkArguments(const Signature &signature, const CallExpr &node, Span callSpan);
  void reportUnknown(const std::string &name, Span where);
  bool isKnown(const std::string &name) const;
  std::vector<std::string> visibleNames() const;

  /// Looks a name of the file up and marks its import as used.
  const Declared *use(const std::string &name);

  StaticType infer(const Expr &expr);
  StaticType inferIn(const Expr &expr, const ModuleTable *table, unsigned fuel);
  StaticType typeOf(const HyperType &type, const Scope &where) const;
  StaticType memberType(const StaticType &base, const std::string &member, unsigned fuel);
  const ModuleTable &tableOf(const StaticType &instance);
  const ConfigTable &configTableOf(const Config &config, const Scope &where);
  void addLocal(const std::string &name, const StaticType &type);
  /// Forgets the names that became known after `mark` of newLocals.
  void forgetLocals(size_t mark);

  static Signature signatureOf(const Function &function);
  Signature signatureOf(const Function &function, const ModuleTable &table) const;
  static Signature signatureOf(const std::string &name, Span declared, const std::vector<HyperParam> &params,
                               bool skipFirst);
  static Signature signatureOf(const BuiltinInfo &builtin);

  const Scope &scope;
  DiagnosticEngine &diags;
  std::set<std::string> usedImports;

  // The surroundings of what is being checked.
  const ConfigTable *config = nullptr;             ///< inside a config
  const ModuleTable *module = nullptr;             ///< inside a module
  std::map<std::string, StaticType> locals;        ///< arguments, assigned names, loop variables
  std::map<std::string, Span> dims;                ///< dimensions of the function
  const std::vector<HyperParam> *params = nullptr; ///< inside a variant
  std::map<const Module *, ModuleTable> tables;
  std::map<const Config *, ConfigTable> configs;
  std::vector<std::string> newLocals; ///< names in the order in which they became known
  size_t tableBudget = 1'000'000;     ///< entries of config tables, all together
};

/// "1 argument", "2 arguments".
std::string counted(size_t count, std::string_view noun);

} // namespace sinter::frontend

#endif
