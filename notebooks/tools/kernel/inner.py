"""Deno's own kernel, which the Forger kernel starts, talks to, and stops.

Both kernels share the key of the connection file, so messages pass unchanged. Two files connect this process with `inside.js`,
which runs in Deno: one says which cell to stop, the other what became of that.
"""
import asyncio
import collections
import ctypes
import itertools
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time

import zmq

CHANNELS = ("shell", "control", "stdin", "iopub")
# Lines that Deno's kernel prints in the terminal although nothing is wrong.
NOISE = ('"deno jupyter" is unstable', "CDP response has null result")


class Inner:
    """The process of Deno's kernel, and the sockets that lead to it."""

    def __init__(self, deno, key, context):
        self.deno, self.key = deno, key
        self.process = None
        self.is_killed = False  # by this process
        self.last_lines = collections.deque(maxlen=20)
        self._numbers = itertools.count(1)
        identity = secrets.token_hex(8).encode()
        self.sockets = {}
        for channel in CHANNELS:
            channel_socket = self.sockets[channel] = context.socket(zmq.SUB if channel == "iopub" else zmq.DEALER)
            if channel == "iopub":
                channel_socket.subscribe(b"")
            else:  # Deno asks whoever sent the cell for input: shell and stdin have the same identity
                channel_socket.setsockopt(zmq.IDENTITY, identity)
            channel_socket.linger, channel_socket.rcvhwm, channel_socket.sndhwm = 0, 0, 0

    async def start(self):
        """Starts Deno in the working folder of this process.

        Raises OSError if Deno cannot be started.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="forger-kernel-")
        self._wish, self._state = self._file("wish.json"), self._file("state.json")
        ports = _free_ports([*CHANNELS, "hb"])
        content = {"transport": "tcp", "ip": "127.0.0.1", "key": self.key, "signature_scheme": "hmac-sha256", **ports}
        connection = self._file("connection.json", content)
        args = [self.deno, "jupyter", "--kernel", "--conn", connection]
        self.process = await spawn(args, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._reading = asyncio.create_task(self._read_stderr())
        for channel, channel_socket in self.sockets.items():
            channel_socket.connect(f"tcp://127.0.0.1:{ports[f'{channel}_port']}")

    def prelude(self):
        """Returns the code that connects Deno with this process."""
        path = os.path.join(os.path.dirname(__file__), "inside.js")
        with open(path, encoding="utf-8") as file:
            function = file.read().strip().rstrip(";")
        return f"({function})({json.dumps(self._wish)}, {json.dumps(self._state)});"

    def _file(self, name, content=None):
        """Writes a file into a folder that only this user can read. Returns its path."""
        path = os.path.join(self._folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content or {}, file)
        return path

    def state(self):
        """Returns what `inside.js` tells: the last wish that it has seen, and when the newest SIGINT listener was added."""
        try:
            with open(self._state, encoding="utf-8") as file:
                return {"id": 0, "newest": 0, **json.load(file)}
        except (OSError, ValueError):  # it is just being written
            return {"id": 0, "newest": 0}

    async def stop(self, since, force, collect, timeout):
        """Asks `inside.js` to stop what runs. Returns what it did, or None if Deno is too busy to notice in time.

        `since` is the time at which the cell began, in seconds since 1970; awaits that began earlier are not stopped.
        `collect` tells that V8 has ended the cell, so that its promise is garbage.
        """
        number = next(self._numbers)
        self._file("wish.json.new", {"id": number, "force": force, "since": 1000 * since, "collect": collect})
        os.replace(f"{self._wish}.new", self._wish)
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            await asyncio.sleep(0.02)
            state = self.state()
            if state["id"] >= number:
                return state
        return None

    async def wait(self):
        """Waits for the end of Deno. Returns its exit status, negative for a signal."""
        status = await self.process.wait()
        await self._reading
        return status

    def kill(self):
        if self.process and self.process.returncode is None:
            self.is_killed = True
            self.process.kill()

    def clean_up(self):
        self._folder.cleanup()

    async def _read_stderr(self):
        async for line in self.process.stderr:
            text = line.decode(errors="replace")
            if any(noise in text for noise in NOISE):
                continue
            self.last_lines.append(text.strip())
            sys.stderr.write(text)
            sys.stderr.flush()


def _free_ports(channels):
    """Returns a free port for each channel."""
    sockets = {f"{channel}_port": socket.create_server(("127.0.0.1", 0)) for channel in channels}
    ports = {name: opened.getsockname()[1] for name, opened in sockets.items()}
    for opened in sockets.values():
        opened.close()
    return ports


async def spawn(args, **streams):
    """Starts a process that ends with this one, and that a signal to the whole group does not end when Stop is pressed.

    Raises OSError if it cannot be started.
    """
    options = {"limit": 2**24, **({"preexec_fn": _end_with_parent} if sys.platform == "linux" else {})}
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # which the process inherits
    try:
        return await asyncio.create_subprocess_exec(*args, **streams, **options)
    finally:
        signal.signal(signal.SIGINT, before)


def _end_with_parent():
    """Lets Linux end the process if this one is killed."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
