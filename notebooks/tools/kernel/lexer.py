"""Splits TypeScript into tokens: enough to find `await` and `import` in a cell, without a parser.

The lexer knows strings, templates, comments and regular expressions. Where only a parser could tell what follows (JSX, a regular
expression after a parenthesis), it raises `Unsure`, and the cell stays as it is.
"""
import re
from dataclasses import dataclass


class Unsure(Exception):
    """The lexer cannot tell what the text means."""


@dataclass
class Token:
    # "word", "number", "string", "template", "regex", or "mark" for punctuation
    kind: str
    text: str
    start: int
    end: int
    # whether a line ends between the token before and this one
    newline: bool
    # index of the matching bracket; None for other tokens
    partner: "int | None" = None


WORD = re.compile(r"[#@]?[A-Za-z_$\u0080-\U0010ffff][\w$\u0080-\U0010ffff]*|[#@][A-Za-z_$][\w$]*")
NUMBER = re.compile(r"\.?\d(?:[eE][+-]|[\w.])*")
STRING = re.compile(r"'(?:[^'\\\n]|\\[\s\S])*'|\"(?:[^\"\\\n]|\\[\s\S])*\"")
COMMENT = re.compile(r"//[^\n]*|/\*[\s\S]*?\*/")
TEMPLATE = re.compile(r"(?:[^`\\$]|\\[\s\S]|\$(?!\{))*(`|\$\{)")
REGEX = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
MARK = re.compile(r"\.\.\.|\?\.(?!\d)|=>|\*\*=?|&&=?|\|\|=?|\?\?=?|[=!]==?|<<=?|[-+*/%&|^<]=|\+\+|--|[^\s\w]")
# The type parameters of an arrow function.
GENERIC = re.compile(r"<\w+(\s+extends\s[^()]*?)?(,\s*\w+[^()]*?)?>\(")
CLOSING = {")": "(", "]": "[", "}": "{"}

# After these words begins an expression, in which "/" begins a regular expression.
BEFORE_EXPRESSION = frozenset(
    "return typeof instanceof in of new delete void throw case do else await yield extends default as satisfies".split()
)


def tokens_of(text):
    """Returns the tokens of a text. Brackets, and the parts of a template around its `${`, know their partners."""
    tokens, opened = [], []
    at, newline = 0, False
    while at < len(text):
        char = text[at]
        comment = COMMENT.match(text, at)
        if char.isspace() or comment:
            end = comment.end() if comment else at + 1
            newline = newline or "\n" in text[at:end]
            at = end
            continue
        if char == "}" and opened and tokens[opened[-1]].kind == "template":
            token = _template(text, at)
        elif char == "`":
            token = _template(text, at)
        else:
            token = _token(text, at, tokens)
        token.newline, newline = newline, False
        tokens.append(token)
        _pair(tokens, opened)
        at = token.end
    if opened:
        raise Unsure("a bracket is not closed")
    return tokens


def _token(text, at, before):
    char = text[at]
    for kind, pattern in (("word", WORD), ("number", NUMBER), ("string", STRING)):
        found = pattern.match(text, at)
        if found:
            return Token(kind, found.group(), at, found.end(), False)
    if char in "'\"":
        raise Unsure("a string is not closed")
    if char == "/":
        return _slash(text, at, before)
    if char == "<" and _begins_expression(before) and re.match(r"<[A-Za-z/>]", text[at:]):
        if "</" in text or not GENERIC.match(text, at):
            raise Unsure("JSX")
    found = MARK.match(text, at)
    if not found:
        raise Unsure(f"the character {char!r}")
    return Token("mark", found.group(), at, found.end(), False)


def _slash(text, at, before):
    if _begins_expression(before):
        found = REGEX.match(text, at)
        if not found:
            raise Unsure("a regular expression is not closed")
        return Token("regex", found.group(), at, found.end(), False)
    # After ")" or "}" only a parser knows whether a regular expression may begin; a division is written with a space after it.
    if before[-1].text in (")", "}") and not re.match(r"/=? ", text[at:]):
        raise Unsure("a slash after a bracket")
    found = MARK.match(text, at)
    return Token("mark", found.group(), at, found.end(), False)


def _begins_expression(before):
    """Whether an expression begins after these tokens, rather than an operator."""
    if not before:
        return True
    last = before[-1]
    if last.kind == "word":
        return last.text in BEFORE_EXPRESSION and not (len(before) > 1 and before[-2].text in (".", "?."))
    if last.kind == "template":
        return not last.text.endswith("`")
    if last.text == "!":  # not, or a non-null assertion
        return _begins_expression(before[:-1])
    return last.kind == "mark" and last.text not in (")", "]", "}", "++", "--")


def _template(text, at):
    found = TEMPLATE.match(text, at + 1)
    if not found:
        raise Unsure("a template is not closed")
    return Token("template", text[at : found.end()], at, found.end(), False)


def _pair(tokens, opened):
    """Finds the partner of the last token, if it closes something."""
    token, index = tokens[-1], len(tokens) - 1
    if token.kind == "template":
        closes, opens = token.text[0] == "}", token.text.endswith("${")
    elif token.kind == "mark":
        closes, opens = token.text in CLOSING, token.text in CLOSING.values()
    else:
        return
    if closes:
        if not opened:
            raise Unsure("a bracket was never opened")
        partner = opened.pop()
        if token.kind == "mark" and tokens[partner].text != CLOSING[token.text]:
            raise Unsure("brackets do not match")
        tokens[partner].partner, token.partner = index, partner
    if opens:
        opened.append(index)
