# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Malformed and hostile chat templates; the same tuples as in bad_others.py: (kind, name, files, entry, expected)."""


def templates():
    # What does not parse.
    yield "syntax-print", "{{ messages", "line 1"
    yield "syntax-statement", "{% if true ", "line 1"
    yield "syntax-comment", "a {# b", "line 1"
    yield "syntax-endif", "{% if true %}x", "endif"
    yield "syntax-endfor", "{% for m in messages %}x{% endif %}", "line 1"
    yield "syntax-else", "{% else %}", "else"
    yield "syntax-string", "{{ 'abc }}", "line 1"
    yield "syntax-bracket", "{{ messages[0 }}", "line 1"
    yield "syntax-operator", "{{ 1 + }}", "line 1"
    yield "syntax-filter", "{{ 'a' | }}", "line 1"
    yield "syntax-place", "a\nb\n  {{ 1 + }}", "line 3, column"
    yield "syntax-number", "{{ 99999999999999999999999 }}", "line 1"
    yield "syntax-utf8", b"{{ '\xff\xfe' }}", "line 1|UTF-8"
    yield "syntax-name", "{% set 1 = 2 %}", "line 1"
    yield "syntax-macro", "{% macro f(1) %}{% endmacro %}", "line 1"
    yield "nesting-blocks", "{% if true %}" * 20000, "nest"
    yield "nesting-brackets", "{{ " + "(" * 60000 + "1" + ")" * 60000 + " }}", "nest"
    yield "nesting-not", "{{ " + "not " * 60000 + "1 }}", "nest"
    yield "alloc-template", "x" * (1 << 20) + "y", "1048576|large|at most"
    # What is left out on purpose: everything that reaches outside.
    yield "outside-import", "{% import 'os' as os %}", "import"
    yield "outside-from", "{% from 'os' import path %}", "from|import"
    yield "outside-include", "{% include '/etc/passwd' %}", "include"
    yield "outside-extends", "{% extends 'base' %}", "extends"
    yield "outside-block", "{% block a %}{% endblock %}", "block"
    yield "outside-call", "{% call f() %}{% endcall %}", "call"
    yield "outside-raw", "{% raw %}{% endraw %}", "raw"
    yield "outside-do", "{% do messages.append(1) %}", "do"
    yield "outside-recursive", "{% for m in messages recursive %}{% endfor %}", "recursive"
    yield "outside-filter", "{{ messages | system }}", "system"
    yield "outside-test", "{{ 1 is dangerous }}", "dangerous"
    # What runs, and must end.
    yield "render-class", "{{ ''.__class__.__mro__[1].__subclasses__() }}", "line 1"
    yield "render-globals", "{{ messages.__init__.__globals__ }}", "line 1"
    yield "render-undefined-call", "{{ os.system('true') }}", "line 1"
    yield "render-no-method", "{{ 'a'.format_map({}) }}", "line 1"
    yield "render-loop", "{% for a in range(999) %}" * 3 + "{% endfor %}" * 3, "steps"
    yield "render-range", "{{ range(10 ** 18) | list }}", "."
    yield "render-power", "{{ 10 ** 10 ** 10 }}", "."
    yield "render-output", "{% for a in range(100000) %}{{ 'x' * 10000 }}{% endfor %}", "."
    yield "render-double", "{% set ns = namespace(s='x') %}{% for a in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s }}", "."
    yield "render-recursion", "{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}", "deep"
    yield "render-zero", "{{ 1 // 0 }}", "zero"
    yield "render-modulo", "{{ 1 % 0 }}", "zero"
    yield "render-types", "{{ messages + 1 }}", "line 1"
    yield "render-index", "{{ messages[7].content }}", "line 1"
    yield "render-raise", "{{ raise_exception('roles must alternate') }}", "roles must alternate"
    yield "render-argument", "{{ 'a'.replace() }}", "line 1"


def cases():
    for name, text, expected in templates():
        yield "chat", name, {"chat_template.jinja": text if isinstance(text, bytes) else text.encode()}, "chat_template.jinja", expected


def good():
    yield "chat", "plain", {"t": b"{% for m in messages %}<{{ m.role }}>{{ m['content'] | trim }}\n{% endfor %}"}, "t"
    yield "chat", "empty", {"t": b""}, "t"
