"""Makes the awaits of a cell stoppable: `await x` becomes `await $stoppable(x)`, and `for await` reads from `$stoppableEach(x)`.

Deno's kernel waits for the promise of a cell, and nothing outside of the cell can end that. `inside.js` defines both functions:
they give what they are given, and throw when Stop is pressed. An await whose operand is not certain stays as it is.
"""
from lexer import Unsure, tokens_of

AWAIT, EACH = "$stoppable(", "$stoppableEach("

# What may follow the operand of an await: the end of an expression, or an operator that binds less tightly. "<" may begin type
# arguments, and is therefore not among them.
AFTER = frozenset(
    "; , ) ] } : ? + - * / % & | ^ && || ?? === !== == != > >= <= << >> = += -= *= /= %= **= &&= ||= ??= &= |= ^=".split()
)
WORDS_AFTER = frozenset("as satisfies in instanceof of".split())
PREFIXES = frozenset(["!", "-", "+", "~"])
PREFIX_WORDS = frozenset(["typeof", "void", "delete", "await"])
# Words that begin an operand whose end is not worth finding.
NOT_OPERANDS = frozenset("function class async using enum const let var if for while return throw =>".split())


def stoppable(code):
    """Returns the code with stoppable awaits; the code itself if the lexer is unsure about it."""
    parts, at = [], 0
    for position, text in inserts_of(code) if "await" in code else []:
        parts += [code[at:position], text]
        at = position
    return "".join([*parts, code[at:]])


def inserts_of(code):
    """Returns the texts to insert, each with its position, in their order; none if the lexer is unsure about the code."""
    try:
        tokens = tokens_of(code)
    except Unsure:
        return []
    inserts = []
    for index, token in enumerate(tokens):
        if token.kind == "word" and token.text == "await" and _is_keyword(tokens, index):
            inserts += _each(tokens, index) if _text(tokens, index - 1) == "for" else _wait(tokens, index)
    return sorted(inserts, key=lambda insert: insert[0])


def _text(tokens, index):
    return tokens[index].text if 0 <= index < len(tokens) and tokens[index].kind in ("word", "mark") else ""


def _is_keyword(tokens, index):
    return _text(tokens, index - 1) not in (".", "?.") and _text(tokens, index + 1) != ":"


def _wait(tokens, index):
    end = _unary(tokens, index + 1)
    if end is None or not _may_follow(tokens, end):
        return []
    return [(tokens[index + 1].start, AWAIT), (tokens[end - 1].end, ")")]


def _each(tokens, index):
    """`for await (const x of OPERAND)`."""
    head = index + 1
    if _text(tokens, head) != "(":
        return []
    close, at = tokens[head].partner, head + 1
    while at < close:
        token = tokens[at]
        if token.kind == "word" and token.text == "of" and at > head + 1:
            return [(tokens[at + 1].start, EACH), (tokens[close - 1].end, ")")] if at + 1 < close else []
        at = (token.partner if token.partner and token.partner > at else at) + 1
    return []


def _may_follow(tokens, end):
    if end >= len(tokens):
        return True
    token = tokens[end]
    if token.kind == "template":
        return token.text[0] == "}"
    if token.kind == "mark" and token.text in AFTER:
        return True
    if token.kind == "word" and token.text in WORDS_AFTER:
        return True
    return token.newline and token.kind != "mark"


def _unary(tokens, index):
    """Returns the index after the unary expression that begins at an index; None if there is none for sure."""
    if index >= len(tokens):
        return None
    token = tokens[index]
    if token.kind == "mark" and token.text in PREFIXES or token.kind == "word" and token.text in PREFIX_WORDS:
        return _unary(tokens, index + 1)
    if token.kind == "word" and token.text == "new":
        return _new(tokens, index)
    end = _primary(tokens, index)
    return None if end is None else _chain(tokens, end, calls=True)


def _new(tokens, index):
    end = _primary(tokens, index + 1)
    if end is None:
        return None
    end = _chain(tokens, end, calls=False)
    if end is not None and _text(tokens, end) == "(":
        end = tokens[end].partner + 1
    return None if end is None or _text(tokens, end) == "<" else _chain(tokens, end, calls=True)


def _primary(tokens, index):
    if index >= len(tokens):
        return None
    token = tokens[index]
    if token.kind in ("number", "string", "regex"):
        return index + 1
    if token.kind == "template":
        return _template_end(tokens, index) if token.text[0] == "`" else None
    if token.kind == "mark":
        return token.partner + 1 if token.text in ("(", "[", "{") else None
    return None if token.text in NOT_OPERANDS else index + 1


def _template_end(tokens, index):
    while tokens[index].text.endswith("${"):
        index = tokens[index].partner
    return index + 1


def _chain(tokens, index, calls):
    """Returns the index after members, calls and tagged templates."""
    while index < len(tokens):
        token = tokens[index]
        text = token.text if token.kind == "mark" else ""
        if text in (".", "?."):
            following = _text(tokens, index + 1)
            if text == "?." and following in ("(", "["):
                index = tokens[index + 1].partner + 1
            elif index + 1 < len(tokens) and tokens[index + 1].kind == "word":
                index += 2
            else:
                return None
        elif text == "[" or text == "(" and calls:
            index = token.partner + 1
        elif text == "!" and token.start == tokens[index - 1].end:
            index += 1
        elif token.kind == "template" and token.text[0] == "`":
            index = _template_end(tokens, index)
        else:
            break
    return index
