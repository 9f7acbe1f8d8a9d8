"""The process of helper.ts, which parses cells and checks their types."""
import asyncio
import json
import os
import subprocess
import sys

from inner import spawn

HERE = os.path.dirname(os.path.abspath(__file__))
OPTIONS = ["--no-check", "--quiet", "--no-prompt", "--config", os.path.join(HERE, "..", "..", "..", "deno.json")]
ALLOWED = ["--allow-read", "--allow-run", "--allow-env", "--allow-sys=systemMemoryInfo"]

ENDED = (
    "The helper of the Forger kernel has ended: Stop does not end a cell that waits, and no errors are shown in advance; "
    "restart the kernel"
)


class Helper:
    """Without its help, cells run as they are: their awaits cannot be stopped, and nothing is said of their types."""

    def __init__(self, deno):
        self._command = [deno, "run", *OPTIONS, *ALLOWED, os.path.join(HERE, "helper.ts")]
        self._process = None
        self._is_closed = False
        self._looks, self._checks = [], []  # what the helper has not answered yet, in the order of the cells
        self._checks_types = os.environ.get("FORGER_TYPES") != "off"

    async def start(self):
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self._process = await spawn(self._command, **streams)
        self._reading = asyncio.create_task(self._read())

    async def look_at(self, code, check):
        """Returns the code to run, its syntax error or None, and a future of what to display beneath the cell."""
        loop, check = asyncio.get_running_loop(), check and self._checks_types
        looked, checked = loop.create_future(), loop.create_future()
        self._looks.append(looked)
        if check:
            self._checks.append(checked)
        else:
            checked.set_result(None)
        self._process.stdin.write(json.dumps({"code": code, "check": check}).encode() + b"\n")
        if self._reading.done():
            self._give_up()
        answer = await looked
        return answer.get("code", code), answer.get("problem"), checked

    def close(self):
        self._is_closed = True
        if self._process and self._process.returncode is None:
            self._process.kill()

    async def _read(self):
        try:
            async for line in self._process.stdout:
                answer = json.loads(line)
                if "warnings" in answer:
                    self._checks.pop(0).set_result(answer["warnings"])
                else:
                    self._looks.pop(0).set_result(answer)
        except (ValueError, TypeError, LookupError):  # a line that is too long, or no answer
            pass
        if not self._is_closed:
            print(ENDED, file=sys.stderr, flush=True)
        self._give_up()
        self.close()

    def _give_up(self):
        while self._looks:
            self._looks.pop().set_result({})
        while self._checks:
            self._checks.pop().set_result(None)
