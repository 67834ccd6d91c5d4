// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What instantiation builds: a tree of instances with their parameters, and the configs they read.
// The elaborator owns all of them; addresses stay valid for its life.
#ifndef SINTER_FRONTEND_ELABORATE_INSTANCE_H
#define SINTER_FRONTEND_ELABORATE_INSTANCE_H

#include "frontend/elaborate/Value.h"
#include "frontend/weights/Glob.h"
#include "frontend/weights/ParameterTable.h"

#include <map>
#include <optional>
#include <unordered_map>

namespace sinter::frontend {

/// Everything is evaluated by need; a value that is asked for while it is computed needs itself.
enum class SlotState : uint8_t { Fresh, Busy, Done };

/// A call of a variant, and where its names are looked up.
struct VariantUse {
  const Scope *scope = nullptr;
  const Variant *variant = nullptr; ///< null: what the call names
  const Expr *call = nullptr;       ///< null: the variant with its defaults
};

/// One edit where it stands: in an instance, or in a variant that is applied to the root.
struct AppliedEdit {
  const Edit *edit = nullptr;
  Instance *anchor = nullptr; ///< paths are relative to it
  size_t index = 0;           ///< among the edits of its anchor
  const Scope *scope = nullptr;
  /// Hyperparameters of its variant; null for an edit of a module, which sees the instance's names.
  const std::unordered_map<std::string, Datum> *locals = nullptr;
  Span appliedAt; ///< the call of its variant; invalid for an edit of a module
  SlotState state = SlotState::Fresh; ///< of what follows
  std::string globText, exceptText;
  std::optional<Glob> glob, except;
  size_t matched = 0; ///< instances (replace) or parameters
};

struct Parameter {
  const Param *decl = nullptr;
  Instance *owner = nullptr;
  unsigned index = 0; ///< number of declaration
  std::string path;   ///< first alternatives
  CandidateList candidates;
  Axes axes;                     ///< constants
  Parameter *tiedTo = nullptr;   ///< follow to the representative
  std::vector<Parameter *> tied; ///< of a representative: the others
  bool reached = false;          ///< some function of the root reads it
  bool required = false;         ///< a compiled function reads it
  bool frozen = false;           ///< by a `freeze`
  std::optional<InitializerValue> initial;   ///< of its declaration, or of the `init` that wins
  std::optional<InitializerValue> quantized; ///< of the `quantize` that wins

  Parameter *representative() {
    Parameter *at = this;
    while (at->tiedTo)
      at = at->tiedTo;
    return at;
  }
  int64_t count() const;
};

/// A hyperparameter, value, parameter or sub-instance of one instance.
struct Slot {
  SlotState state = SlotState::Fresh;
  const Member *member = nullptr; ///< null for a hyperparameter
  Datum value;
  Parameter *parameter = nullptr;
};

struct Instance {
  const Module *module = nullptr;
  const Scope *scope = nullptr;
  Instance *parent = nullptr;
  std::string path;       ///< first alternatives; "" for the root
  CandidateList prefixes; ///< all alternatives
  std::string what;       ///< `BertLayer(c)`
  std::string likeness;   ///< equal for instances that differ only in their parameters
  Span span;              ///< where it is made
  unsigned depth = 0;

  std::vector<Member const *> active; ///< members of the chosen branches, in order
  std::unordered_map<std::string, Slot> slots;
  std::unordered_map<std::string, const Function *> functions;
  std::vector<const Input *> inputs;
  std::vector<Instance *> children;
  std::vector<Parameter *> parameters;
  std::vector<AppliedEdit *> edits;      ///< that stand here, in order
  Instance *replaced = nullptr;          ///< the instance whose place it took; names are looked for there first
  const AppliedEdit *madeBy = nullptr;   ///< the edit that put it there
};

struct ConfigInstance {
  struct Link {
    const Config *decl;
    const Scope *scope;
  };
  struct Found {
    SlotState state = SlotState::Fresh;
    Datum value;
    const Field *field = nullptr; ///< null for a value
    bool isGiven = false;         ///< by the folder or --set, not by the default
  };
  const Config *decl = nullptr;
  std::vector<Link> chain; ///< the config, then its ancestors
  std::string setPrefix;   ///< "rope." for a config inside another
  std::unordered_map<std::string, Found> values;
};

/// A dimension of a signature and where it was bound.
struct BoundDim {
  Axis axis;
  Span at;        ///< the place in the signature
  std::string by; ///< "argument `x`"
};

/// One evaluation: the body of a function, or a member of a module or config.
struct Frame {
  const Scope *scope = nullptr;
  Instance *instance = nullptr;
  ConfigInstance *config = nullptr;
  const Function *function = nullptr;
  const Frame *caller = nullptr;
  Span callSpan;
  unsigned depth = 0;

  std::unordered_map<std::string, Datum> locals;
  std::map<std::string, BoundDim, std::less<>> dims;
  std::optional<Axes> rest;
  Span restAt;
  std::vector<Datum> returned;
  std::vector<Span> returnSpans;
  unsigned loops = 0; ///< that the running statement stands in
  /// Names that had their first value inside a loop that is over.
  std::unordered_map<std::string, Span> loopLocals;
};

} // namespace sinter::frontend

#endif
