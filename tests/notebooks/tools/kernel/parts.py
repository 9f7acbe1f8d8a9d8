"""Runs parts of the kernel without Deno and without a front end, and prints what they did as JSON.

    python parts.py FOLDER_OF_THE_KERNEL NAME
"""
import asyncio
import json
import sys

sys.path.insert(0, sys.argv[1])

from helper import Helper  # noqa: E402
from message import DELIMITER, SESSION  # noqa: E402
from problems import death, refusal  # noqa: E402
from proxy import Proxy  # noqa: E402

TIMEOUT = 20


async def helper(program):
    """What a helper answers for two cells whose process is a Python program."""
    tried = Helper("deno")
    tried._command = [sys.executable, "-c", program]
    await tried.start()
    answers = []
    for code in ("await 1", "await 2"):
        sent, problem, checked = await asyncio.wait_for(tried.look_at(code, True), TIMEOUT)
        answers.append([sent, problem, await asyncio.wait_for(checked, TIMEOUT)])
    tried.close()
    return answers


class Once:
    """A socket from which one message comes."""

    def __init__(self, frames):
        self._frames = [frames]

    async def recv_multipart(self):
        return self._frames.pop() if self._frames else await asyncio.Event().wait()


async def ready(channel):
    """Whether the kernel is ready after an answer of Deno on a channel."""
    proxy = Proxy.__new__(Proxy)
    proxy.ready = asyncio.Event()
    header, parent = {"msg_type": "status", "msg_id": "1"}, {"session": SESSION, "msg_id": "2"}
    parts = [json.dumps(part).encode() for part in (header, parent, {}, {})]
    proxy.inner = type("Inner", (), {"sockets": {channel: Once([DELIMITER, b"", *parts])}})
    task = asyncio.create_task(proxy._from_inner(channel))
    await asyncio.sleep(0.05)
    task.cancel()
    return proxy.ready.is_set()


def texts():
    no_module = ["error: Module not found \"file:///a/b.ts\"."]
    return {
        "package": refusal('import x from "npm:none"; import "jsr:@a/b"; await import("https://a.b/c.ts")', []).text,
        "address": refusal('import { a } from "./b.ts"; await fetch("https://example.org/data")', no_module).text,
        "nothing": refusal("a", ["noise"]).text,
        "killed": death(-9, []).text,
    }


async def main(name):
    if name == "texts":
        return texts()
    if name == "ready":
        return [await ready(channel) for channel in ("shell", "control", "iopub")]
    line = "import sys, time; sys.stdin.readline(); print(%s, flush=True); time.sleep(60)"
    programs = {"ends": "pass", "no JSON": line % "'hello'", "no object": line % "5", "long": line % "'x' * 2**25"}
    return {name: await helper(program) for name, program in programs.items()}


result = asyncio.run(main(sys.argv[2]))
print(json.dumps(result))
