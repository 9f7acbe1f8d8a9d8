"""The Forger kernel: stands between Jupyter and Deno's kernel, passes all messages on, and adds what Deno's kernel leaves out.

This file has the sockets on both sides. Requests on shell go through a queue (cells.py); everything else is passed on at once.
"""
import asyncio
import collections

import zmq
import zmq.asyncio

from cells import Cells
from helper import Helper
from inner import Inner
from message import SESSION, Message, Signer
from problems import death, stopped_problem
from stopping import Stopping

ENDING = 2.0  # seconds that Deno has to end after a shutdown request
LAST = 0.05  # seconds in which the last messages arrive that Deno sent before it ended
REMEMBERED = 1000  # requests whose senders are known; some are never answered


class Proxy:
    """`connection` is the content of Jupyter's connection file, `deno` the path of Deno."""

    def __init__(self, connection, deno):
        self.connection = connection
        self.signer = Signer(connection["key"])
        self.context = zmq.asyncio.Context()
        self.inner = Inner(deno, connection["key"], self.context)
        self.helper = Helper(deno)
        self.cells = Cells(self)
        self.stopping = Stopping(self)
        self.ready = asyncio.Event()  # whether messages of Deno arrive, also on iopub
        self.asks_input = False  # whether Deno waits for an answer to input_request
        self._senders = collections.OrderedDict()  # identities of the sender of each request, by the request's id
        self._is_shut_down = False
        kinds = {"shell": zmq.ROUTER, "control": zmq.ROUTER, "stdin": zmq.ROUTER, "iopub": zmq.PUB, "hb": zmq.REP}
        self.sockets = {channel: self._bind(kind, channel) for channel, kind in kinds.items()}

    def _bind(self, kind, channel):
        socket = self.context.socket(kind)
        socket.linger, socket.sndhwm, socket.rcvhwm = 1000, 0, 0
        if kind == zmq.ROUTER:
            socket.setsockopt(zmq.ROUTER_HANDOVER, 1)  # a client that reconnects keeps its identity
        place, port = self.connection["ip"], self.connection[f"{channel}_port"]
        transport = self.connection.get("transport", "tcp")
        socket.bind(f"{transport}://{place}:{port}" if transport == "tcp" else f"{transport}://{place}-{port}")
        return socket

    async def run(self):
        """Runs until Deno ends. Returns the exit status of this process. Raises OSError if Deno cannot be started."""
        try:
            await self.inner.start()
            await self.helper.start()
        except OSError:
            self.close()
            raise
        loops = [self._beat(), self._from_shell(), self._from_control(), self._from_stdin(), self.cells.work()]
        loops += [self._from_inner(channel) for channel in self.inner.sockets]
        tasks = [asyncio.create_task(loop) for loop in loops]
        ending = asyncio.create_task(self.inner.wait())
        try:
            done, _ = await asyncio.wait([ending, *tasks], return_when=asyncio.FIRST_COMPLETED)
            if ending not in done:
                done.pop().result()  # a loop ends only by an error
            await asyncio.sleep(LAST)
            if self._is_shut_down or self.inner.is_killed:
                return 0
            await self.cells.fail(death(ending.result(), self.inner.last_lines))
            return 1
        finally:
            for task in tasks:
                task.cancel()
            self.close()

    def close(self):
        self.inner.kill()
        self.inner.clean_up()
        self.helper.close()
        for socket in self.inner.sockets.values():
            socket.close(linger=0)
        self.context.destroy(linger=1000)

    # What clients send

    async def _beat(self):
        while True:
            await self.sockets["hb"].send(await self.sockets["hb"].recv())

    async def _receive(self, channel):
        """Waits for the next message of a client. Ignores what is no message, or not signed with the key."""
        while True:
            frames = await self.sockets[channel].recv_multipart()
            try:
                message = Message(frames)
            except (ValueError, KeyError):
                continue
            if self.signer.is_genuine(message):
                return message

    async def _from_shell(self):
        while True:
            message = await self._receive("shell")
            if message.type == "interrupt_request":  # VS Code sends it here
                await self._interrupt("shell", message)
            else:
                self.cells.add(message)

    async def _from_control(self):
        while True:
            message = await self._receive("control")
            if message.type == "interrupt_request":
                await self._interrupt("control", message)
            elif message.type == "shutdown_request":
                await self._shut_down(message)
            else:
                await self.pass_on("control", message)

    async def _interrupt(self, channel, message):
        await self.publish("status", {"execution_state": "busy"}, message.header)
        await self.answer(channel, message, "interrupt_reply", {"status": "ok"})
        self.stopping.press()
        await self.publish("status", {"execution_state": "idle"}, message.header)

    async def _from_stdin(self):
        while True:
            message = await self._receive("stdin")
            if self.asks_input:  # else Stop has already answered
                self.asks_input = False
                await self.inner.sockets["stdin"].send_multipart(message.frames)

    async def _shut_down(self, message):
        self._is_shut_down = True
        content = {"status": "ok", "restart": message.content.get("restart", False)}
        await self.answer("control", message, "shutdown_reply", content)
        await self.publish("shutdown_reply", content, message.header)
        await self.send_own("control", "shutdown_request", content)
        asyncio.get_running_loop().call_later(ENDING, self.inner.kill)

    # What this kernel sends

    async def answer(self, channel, request, kind, content):
        frames = self.signer.frames(kind, content, request.header)
        await self.sockets[channel].send_multipart([*request.identities, *frames])

    async def publish(self, kind, content, parent):
        await self.sockets["iopub"].send_multipart(self.signer.frames(kind, content, parent))

    async def send_own(self, channel, kind, content):
        """Sends a request of this kernel itself to Deno."""
        await self.inner.sockets[channel].send_multipart(self.signer.frames(kind, content))

    async def pass_on(self, channel, message, frames=None):
        """Sends a client's request to Deno, and remembers whose it is: Deno answers without the client's identity."""
        self._senders[message.id] = message.identities
        if len(self._senders) > REMEMBERED:
            self._senders.popitem(last=False)
        await self.inner.sockets[channel].send_multipart(frames or message.frames)

    # What Deno sends

    async def _from_inner(self, channel):
        handle = {"shell": self._reply, "iopub": self._output, "stdin": self._input, "control": self._reply}[channel]
        while True:
            message = Message(await self.inner.sockets[channel].recv_multipart())
            if message.parent.get("session") == SESSION:  # it answers a request of this kernel itself
                if channel == "iopub":  # the last one to be connected, and the one whose messages would be lost
                    self.ready.set()
            else:
                await handle(channel, message)

    async def _reply(self, channel, message):
        identities = self._senders.pop(message.parent_id, None)
        if message.type == "execute_reply" and self.cells.is_running(message.parent_id):
            self.cells.running.end(reply=message)
        elif identities is not None:
            await self.sockets[channel].send_multipart([*identities, *message.frames])

    async def _input(self, channel, message):
        if self.cells.running:
            self.asks_input = True
            await self.sockets[channel].send_multipart([*self.cells.running.request.identities, *message.frames])

    async def _output(self, channel, message):
        frames = message.frames
        if self.cells.is_running(message.parent_id):
            cell = self.cells.running
            cell.note_output(message)
            if message.type == "status" and message.content["execution_state"] == "idle":
                return cell.end(idle=message)
            if message.type == "execute_input" and cell.sent != cell.code:
                frames = self.signer.changed(message, {**message.content, "code": cell.code})
            if message.type == "error" and cell.is_stopped(message.content):
                frames = self.signer.frames(*stopped_problem(cell.stopped).message, message.parent)
        await self.sockets[channel].send_multipart(frames)
