"""A client of `deno lsp`, which checks types as `deno check` does and keeps what it knows: a cell takes fractions of a second."""
import asyncio
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path


class LanguageServer:
    """A process of `deno lsp` with one open document."""

    def __init__(self, deno, folder):
        self._deno, self._folder = deno, folder
        self._numbers, self._answers = itertools.count(1), {}
        self._version = 0
        # The name decides how relative imports resolve; there is no such file.
        self._uri = _uri(os.path.join(folder, "forger_cells.ts"))

    async def start(self):
        options = {"preexec_fn": _be_nice} if os.name == "posix" else {}
        self._process = await asyncio.create_subprocess_exec(
            *[self._deno, "lsp", "--quiet"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            **options,
        )
        self._reading = asyncio.create_task(self._read())
        config = _config(self._folder)
        root = _uri(os.path.dirname(config) if config else self._folder)
        await self._request("initialize", {
            "processId": os.getpid(),
            "rootUri": root,
            "workspaceFolders": [{"uri": root, "name": "notebooks"}],
            "capabilities": {"textDocument": {"diagnostic": {}}},
            "initializationOptions": {"enable": True, "lint": False, **({"config": config} if config else {})},
        })
        self._notify("initialized", {})

    async def diagnostics(self, text):
        """Returns the diagnostics of a text, as the Language Server Protocol describes them."""
        self._version += 1
        document = {"uri": self._uri, "version": self._version}
        if self._version == 1:
            self._notify("textDocument/didOpen", {"textDocument": {**document, "languageId": "typescript", "text": text}})
        else:
            self._notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})
        result = await self._request("textDocument/diagnostic", {"textDocument": {"uri": self._uri}})
        return result.get("items", [])

    def close(self):
        if self._process.returncode is None:
            self._process.kill()

    async def _request(self, method, params):
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        self._send({"id": number, "method": method, "params": params})
        return await answer

    def _notify(self, method, params):
        self._send({"method": method, "params": params})

    def _send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    async def _read(self):
        try:
            while True:
                head = await self._process.stdout.readuntil(b"\r\n\r\n")
                length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
                self._handle(json.loads(await self._process.stdout.readexactly(int(length.split(b":")[1]))))
        except asyncio.IncompleteReadError:
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(ConnectionError("deno lsp has ended"))

    def _handle(self, message):
        if "method" in message:
            if "id" in message:  # a request of the server, for settings: the defaults will do
                items = message.get("params", {}).get("items", [])
                self._send({"id": message["id"], "result": [None for _ in items] or None})
            return
        answer = self._answers.pop(message["id"], None)
        if answer is None or answer.done():
            return
        if "error" in message:
            answer.set_exception(ConnectionError(str(message["error"])))
        else:
            answer.set_result(message["result"])


def _uri(path):
    return Path(path).absolute().as_uri()


def _config(folder):
    """The path of the deno.json that applies to a folder, if there is one."""
    for parent in [Path(folder).absolute(), *Path(folder).absolute().parents]:
        for name in ("deno.json", "deno.jsonc"):
            if (parent / name).exists():
                return str(parent / name)
    return None


def _be_nice():
    os.nice(10)
    if sys.platform == "linux":
        from inner import end_with_parent

        end_with_parent()
