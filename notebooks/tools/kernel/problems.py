"""What the kernel tells a reader whose cell did not come to its end, each time in one line."""
import html
import re
import signal
from dataclasses import dataclass

STOPPED_NAME = "Stopped"  # as inside.js calls it
RED, PLAIN = "\x1b[31m", "\x1b[0m"


@dataclass
class Problem:
    """An `error` message. Front ends show the traceback, and `nbclient` the name and the text."""

    name: str
    text: str
    traceback: "list[str]"

    @property
    def content(self):
        return {"ename": self.name, "evalue": self.text, "traceback": self.traceback}

    @property
    def message(self):
        """The type and the content of the message that shows it. What Stop did is no error, and not shown in red."""
        if self.name != STOPPED_NAME:
            return "error", self.content
        style = "border-left:4px solid var(--jp-info-color1,#1976d2);padding:2px 0 2px 10px"
        text, shown = f"{self.name}: {self.text}", f"<b>{self.name}:</b> {html.escape(self.text)}"
        data = {"text/plain": text, "text/html": f'<div role="note" style="{style}">{shown}</div>'}
        return "display_data", {"data": data, "metadata": {}, "transient": {}}


def line_problem(name, text):
    """Returns a problem that is shown as one line."""
    return Problem(name, text, [f"{RED}{name}{PLAIN}: {text}"])


def syntax_problem(code, found):
    """Returns the problem for a syntax error that helper.ts found, with the line and the place."""
    line, column = found["line"], found["column"]
    text = f"{found['message']} (line {line}, column {column})"
    source = code.split("\n")
    shown = [f"{number:4} | {source[number - 1]}" for number in (line - 1, line) if number > 0]
    caret = " " * (6 + column) + f"{RED}^{PLAIN}"
    return Problem("SyntaxError", text, [f"{RED}SyntaxError{PLAIN}: {text}", "", *shown, caret])


STOPPED = {
    "before": "The cell was stopped before it began. All variables are kept.",
    "wait": "The cell was stopped while it waited. All variables are kept; the rest of the cell did not run.",
    "loop": "The cell was stopped in a loop that awaits nothing. All variables are kept, with the values that they had at that "
    "moment; the rest of the cell did not run, nor did its finally blocks.",
    "input": "The cell was stopped while it asked for input. All variables are kept; the rest of the cell did not run.",
}


def stopped_problem(how):
    """Says what became of a cell after Stop."""
    return line_problem(STOPPED_NAME, STOPPED[how])


def refusal(code, lines):
    """Explains why Deno refused a cell whose syntax is right: usually it could not get an npm package.

    `lines` are the last lines of Deno's stderr.
    """
    packages = ", ".join(re.findall(r"""\b(?:from|import)\b[\s(]*["']((?:npm|jsr|https?):[^"'\n]+)["']""", code))
    if packages:
        text = f"Cannot load {packages}: the name is wrong, or there is no network; correct the import"
        return line_problem("ImportError", text)
    reason = next((line.rstrip(".") for line in reversed(lines) if line.startswith("error")), None)
    if reason:
        return line_problem("Error", f"Deno refused the cell: {reason}; correct the cell")
    return line_problem("Error", "Deno refused the cell without a reason; restart the kernel")


def death(status, lines):
    """Explains why Deno ended. `status` is negative for a signal, and `lines` are the last lines of its stderr."""
    text = "\n".join(lines)
    if re.search(r"out of memory|heap limit", text, re.I):
        reason = "it ran out of memory"
    elif status == -signal.SIGTERM or status == -getattr(signal, "SIGKILL", 9):
        reason = "the system or another program killed it, most often because the memory is full"
    elif status < 0:
        reason = f"it crashed ({_signal_name(-status)})"
    elif panic := re.search(r"panicked at .*", text):
        reason = f"it crashed ({panic.group()})"
    else:
        reason = f"the cell called Deno.exit, or Deno failed; exit status {status}"
    return line_problem("DenoEnded", f"Deno ended: {reason}. All variables are lost; run the notebook from the top.")


def _signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
