"""Starts a kernel as Jupyter does, and connects it with a test, which writes to stdin and reads from stdout.

    python bridge.py KERNEL FOLDER

Each line of stdin is a JSON object: {"send": MESSAGE_TYPE, "id": ID, "channel": CHANNEL, "content": CONTENT, "client": N} (and
"metadata") sends a message of one of two clients, and {"do": "interrupt" | "restart" | "signal" | "wait" | "alive"} manages the kernel. Each line of
stdout is a message that a client received, {"client": N, "channel": CHANNEL, "type": TYPE, "parent": ID, "content": CONTENT}, or
{"done": ...}.
"""
import asyncio
import json
import os
import sys

import zmq
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import Session

CLIENTS = 2


def tell(**message):
    print(json.dumps(message, default=str), flush=True)


async def listen(number, client):
    async def channel(name):
        while True:
            message = await getattr(client, f"{name}_channel").get_msg()
            parent = message["parent_header"].get("msg_id")
            buffers = [len(buffer) for buffer in message["buffers"]]
            tell(client=number, channel=name, type=message["msg_type"], parent=parent, content=message["content"], buffers=buffers)

    await asyncio.gather(*[channel(name) for name in ("shell", "iopub", "stdin", "control")])


async def manage(manager, command):
    what = command["do"]
    if what == "interrupt":
        await manager.interrupt_kernel()
    elif what == "restart":
        await manager.restart_kernel()
    elif what == "signal":  # to the process alone, or to its group as a terminal does
        pid = manager.provisioner.process.pid
        (os.killpg if command.get("group") else os.kill)(pid, command["number"])
    elif what == "wait":  # for the end of the process
        while await manager.is_alive():
            await asyncio.sleep(0.05)
    tell(done=what, alive=await manager.is_alive())


async def main(kernel, folder):
    manager = AsyncKernelManager(kernel_name=kernel)
    await manager.start_kernel(cwd=folder)
    clients = [manager.client(session=Session(key=manager.session.key)) for _ in range(CLIENTS)]
    for client in clients:
        client.start_channels()
    await clients[0].wait_for_ready(timeout=120)
    listening = [asyncio.create_task(listen(number, client)) for number, client in enumerate(clients)]
    tell(done="start", pid=manager.provisioner.process.pid)
    reader = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    try:
        async for line in reader:
            command = json.loads(line)
            if "do" in command:
                await manage(manager, command)
                continue
            client = clients[command.get("client", 0)]
            message = client.session.msg(command["send"], command["content"], metadata=command.get("metadata"))
            message["header"]["msg_id"] = message["msg_id"] = command["id"]
            channel = getattr(client, f"{command['channel']}_channel")
            channel.send(message)
            # jupyter_client sends past asyncio, which would miss a message that arrived meanwhile; this lets it look again.
            channel.socket.get(zmq.EVENTS)
    finally:
        for task in listening:
            task.cancel()
        await manager.shutdown_kernel()


asyncio.run(main(*sys.argv[1:]))
