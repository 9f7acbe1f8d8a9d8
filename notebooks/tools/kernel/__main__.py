"""The kernel "Deno (Forger)": Deno's kernel for Jupyter, and what it leaves out.

    python notebooks/tools/kernel --deno DENO CONNECTION_FILE

It shows syntax errors with their places and type errors as warnings, and Stop ends a cell without ending the kernel. Jupyter
starts it by the kernel.json that `deno task setup` writes.
"""
import argparse
import asyncio
import json
import os
import signal
import sys

from proxy import Proxy

if sys.platform == "win32":
    ALL_SIGNALS = ()  # asyncio cannot handle signals there; Jupyter sends messages
else:
    ALL_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


async def main(options):
    with open(options.connection, encoding="utf-8") as file:
        connection = json.load(file)
    proxy = Proxy(connection, options.deno)
    loop = asyncio.get_running_loop()
    for number in ALL_SIGNALS:
        loop.add_signal_handler(number, proxy.stopping.press if number == signal.SIGINT else proxy.inner.kill)
    watch = asyncio.create_task(end_with_parent(proxy))
    try:
        return await proxy.run()
    except OSError as error:
        print(f"Cannot start Deno's kernel: {error}; run deno task setup", file=sys.stderr)
        return 1
    finally:
        watch.cancel()


async def end_with_parent(proxy):
    """Ends the kernel if Jupyter was killed."""
    parent = os.getppid()
    while os.getppid() == parent:
        await asyncio.sleep(1)
    proxy.inner.kill()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="kernel")
    parser.add_argument("--deno", required=True)
    parser.add_argument("connection")
    sys.exit(asyncio.run(main(parser.parse_args())))
