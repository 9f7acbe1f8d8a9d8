"""One TypeScript module of all cells that ran, in their order, so that a type checker can check the last one against the others.

Each cell is the body of a function inside of the cell before. So it sees what earlier cells declared, may declare a name again as
cells may, and the checker does not take a variable for what it was when an earlier cell ended: a function may have changed it.
Imports move to the top, where TypeScript wants them, and leave blanks behind, so that all places stay.
"""
import re
from dataclasses import dataclass, field

from lexer import Unsure, tokens_of

# Words with which a statement begins that may not stand in a function.
TOP_LEVEL = frozenset(["export", "declare", "namespace", "module"])
DECLARES = re.compile(r"\b(const|let|var|function|class|enum|namespace|import|export|type|interface|declare)\b")
OPEN, CLOSE = "void (async () => {", "});"


@dataclass
class Import:
    """An import statement of a cell: `text` has its line breaks, and begins at `line` and `column` of the cell."""

    text: str
    line: int
    column: int
    names: "set[str]"


@dataclass(eq=False)
class Entry:
    """A cell in the document."""

    code: str
    body: str
    imports: "list[Import]" = field(default_factory=list)


class Unknown(Exception):
    """The cell cannot be part of the document, and may have declared names."""


def entry_of(code):
    """Takes a cell apart. Returns None if it cannot be checked but declares nothing; raises Unknown if it may declare names."""
    try:
        tokens = tokens_of(code)
        imports = list(_imports(code, tokens))
    except (Unsure, IndexError):
        if DECLARES.search(code):
            raise Unknown from None
        return None
    if code.lstrip().startswith("{"):
        return None  # Deno's kernel takes it for an object
    if any(token.text in TOP_LEVEL and token.kind == "word" and _begins_statement(tokens, i) for i, token in enumerate(tokens)):
        raise Unknown
    body = code
    for statement in imports:
        at = _offset(code, statement.line, statement.column)
        body = body[:at] + re.sub(r"[^\n]", " ", statement.text) + body[at + len(statement.text) :]
    return Entry(code, body, imports)


def _begins_statement(tokens, index):
    """Whether a word can begin a statement at the top level: not a property, nor part of an expression."""
    before = tokens[index - 1] if index > 0 else None
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    follows = after is not None and after.kind in ("word", "string") or after is not None and after.text in ("{", "*")
    return follows and (before is None or before.text in (";", "}") or tokens[index].newline)


def _imports(code, tokens):
    depth_end = -1
    for index, token in enumerate(tokens):
        if index <= depth_end:
            continue
        if token.partner is not None and token.partner > index:
            depth_end = token.partner
        is_statement = token.kind == "word" and token.text == "import" and tokens[index + 1].text not in ("(", ".")
        if not is_statement or index > 0 and tokens[index - 1].text == ".":
            continue
        last = index + 1
        while tokens[last].kind != "string":
            last += 1
        if last + 1 < len(tokens) and tokens[last + 1].text == "with":
            last = tokens[last + 2].partner
        if last + 1 < len(tokens) and tokens[last + 1].text == ";":
            last += 1
        text = code[token.start : tokens[last].end]
        before = code[: token.start]
        place = before.count("\n"), len(before) - (before.rfind("\n") + 1)
        yield Import(text, *place, _names(tokens[index + 1 : last]))


def _names(tokens):
    """The local names that an import statement declares."""
    names, words = set(), [token.text for token in tokens if token.kind in ("word", "mark")]
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else ""
        if re.match(r"[\w$]", word) and following in (",", "}", "from") and word != "from":
            names.add(word)
    return names


def _offset(code, line, column):
    at = 0
    for _ in range(line):
        at = code.index("\n", at) + 1
    return at + column


class Document:
    """The text of the module, and where the lines of each entry are in it."""

    def __init__(self, entries):
        self.places = {}  # line of the text -> (entry, line of the cell, column by which the text is shifted)
        lines = self._hoisted(entries)
        for entry in entries:
            lines.append(OPEN)
            for number, line in enumerate(entry.body.split("\n")):
                self.places[len(lines)] = (entry, number, 0)
                lines.append(line)
        self.text = "\n".join([*lines, CLOSE * len(entries), "export {};", ""])

    def _hoisted(self, entries):
        """The imports of all entries; where two declare the same name, only the later."""
        lines, declared, kept = [], set(), []
        for entry in reversed(entries):
            for statement in reversed(entry.imports):
                if declared & statement.names and not statement.names <= declared:
                    kept.append((entry, _without(statement, declared)))
                elif not statement.names <= declared or not statement.names:
                    kept.append((entry, statement))
                declared |= statement.names
        for entry, statement in reversed(kept):
            for number, line in enumerate(statement.text.split("\n")):
                self.places[len(lines)] = (entry, statement.line + number, statement.column if number == 0 else 0)
                lines.append(line)
        return lines


def _without(statement, names):
    """An import without names that a later cell imports. Places in it are lost, which are those of an earlier cell."""
    kept = [part for part in re.search(r"\{(.*)\}", statement.text, re.S).group(1).split(",") if _local(part) not in names]
    text = re.sub(r"\{.*\}", "{" + ",".join(part.replace("\n", " ") for part in kept) + "}", statement.text, flags=re.S)
    return Import(text, statement.line, statement.column, statement.names - names)


def _local(part):
    return re.sub(r".*\bas\b|\btype\b", "", part.strip(), flags=re.S).strip()
