"""Decides which type errors are worth a warning in a notebook: those that mean a mistake whatever happens at run time.

TypeScript also reports code that runs as intended: where a value may be undefined, where a tensor's rank is not known, where a
string is one of the allowed strings but its type does not say so, where an object gets a new property. A reader who is warned of
these stops reading warnings, so in doubt there is none.
"""
import re

# Codes that are enough: missing exports, unknown settings, wrong numbers of arguments, assignments to constants, and conditions
# that test a promise instead of its value.
ALWAYS = frozenset([2305, 2353, 2554, 2555, 2561, 2588, 2614, 2724, 2801])
ASSIGNMENT = frozenset([2322, 2345, 2739, 2740, 2741, 2769, 2820])
MEMBER = frozenset([2339, 2551])
OPERATION = frozenset([2349, 2351, 2362, 2363, 2365])

TO = re.compile(r"[Tt]ype '(?P<source>.*)' is not assignable to (?:parameter of )?type '(?P<target>.*)'")
MISSING = re.compile(r"Property .* is missing in type '(?P<of>.*)' but required|Type '(?P<also>.*)' is missing the following")
UNKNOWN = re.compile(r"Object literal may only specify known properties")
NO_MEMBER = re.compile(r"does not exist on type '(.*)'")

# Types whose values are what they seem: what TypeScript says of them is so.
LITERAL = r'"[^"|]*"|-?[\d.]+|true|false'
PLAIN = re.compile(rf"(string|number|boolean|bigint|symbol|void|{LITERAL})(\[\])*|Promise<[^|]*>")
# Types to which scripts add properties, or that are more at run time than TypeScript knows.
OPEN = re.compile(r"\{|.*=>|object$|Object$|Error$|typeof Deno|typeof globalThis|never$|unknown$|Element$|.* \| ")


def warning_of(code, message, line):
    """Returns the text of the warning for a type error; None if it is not certain.

    `line` is the rest of the line of code from the place of the error on.
    """
    if code in ALWAYS:
        return _first(message)
    if code in ASSIGNMENT:
        reasons = _reasons(message)
        certain = bool(reasons) and all(_does_not_fit(reason) for reason in reasons)
        return (reasons[-1] if code == 2769 else _first(message)) if certain else None
    if code in MEMBER:
        type_of = NO_MEMBER.search(_first(message))
        is_new = re.match(r"[\w$]+\s*(=(?!=)|[-+*/]=)", line)
        return _first(message) if type_of and not OPEN.match(type_of.group(1)) and not is_new else None
    if code in OPERATION:
        is_open = re.search(r"\bDate\b", line) or re.search(r"\||unknown|never", _first(message))
        return None if is_open else _first(message)
    return None


def _first(message):
    return message.split("\n")[0]


def _reasons(message):
    """The innermost reason of each overload, or of the whole message."""
    lines = message.split("\n")
    starts = [n for n, line in enumerate(lines) if re.match(r" +Overload \d", line)]
    if not starts:
        return [lines[-1].strip()]
    ends = [*starts[1:], len(lines)]
    return [lines[end - 1].strip() for end in ends]


def _does_not_fit(reason):
    if UNKNOWN.search(reason):
        return True
    if missing := MISSING.search(reason):
        source = missing.group("of") or missing.group("also")
        return bool(PLAIN.fullmatch(source)) or source.startswith("{")
    types = TO.search(reason)
    if not types:
        return False
    source, target = types.group("source"), types.group("target")
    if not PLAIN.fullmatch(source):
        return False
    if source.endswith("[]"):
        return not target.startswith(("[", "readonly ["))  # a tuple of the right length, perhaps
    # A string may well be one of the allowed ones, unless it is known which string it is.
    return bool(re.fullmatch(LITERAL, source)) or not re.search(rf"(^|[\s(|])({LITERAL})", target)
