"""Finds the syntax error of a cell, which Deno's kernel refuses without a word."""
import asyncio
import re
import subprocess

from problems import PLAIN, RED, Problem

FAILED = re.compile(r"^error: (?:SyntaxError: )?(.*?)\n *\|", re.S)
PLACE = re.compile(r"^ +at \S*?:(\d+):(\d+)$", re.M)


async def syntax_error(deno, code):
    """Returns the first syntax error of a cell, with its line and column; None if there is none."""
    kinds = ("tsx", "ts") if re.search(r"</|/>", code) else ("ts",)  # Deno's kernel tries both
    problem = None
    for kind in kinds:
        output = await _format(deno, code, kind)
        message, place = FAILED.search(output), PLACE.search(output)
        if not message or not place:
            return None
        problem = problem or _problem(code, _plain(message.group(1).strip()), int(place.group(1)), int(place.group(2)))
    return problem


async def _format(deno, code, kind):
    """Lets `deno fmt` parse the code. Returns its messages."""
    process = await asyncio.create_subprocess_exec(
        *[deno, "fmt", "--no-config", "--check", "--ext", kind, "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={"NO_COLOR": "1"},
    )
    _, errors = await process.communicate(code.encode())
    return errors.decode(errors="replace")


def _plain(message):
    """A message of Deno's parser without its internals: "Unterminated template" for `<lexing error: ... UnterminatedTpl }>`."""
    inside = re.search(r"lexing error.*?, (\w+)\)", message)
    if not inside:
        return message
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", inside.group(1)).lower()
    return words.replace("tpl", "template").replace("str lit", "string").replace("reg exp", "regular expression").capitalize()


def _problem(code, message, line, column):
    source = code.split("\n")
    shown = [f"{number:4} | {source[number - 1]}" for number in (line - 1, line) if 0 < number <= len(source)]
    caret = " " * (7 + column - 1) + f"{RED}^{PLAIN}"
    text = f"{message} (line {line}, column {column})"
    return Problem("SyntaxError", text, [f"{RED}SyntaxError{PLAIN}: {text}", "", *shown, caret])
