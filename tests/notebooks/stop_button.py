"""Presses Stop in a real kernel, as JupyterLab does, and tells what became of it.

    python stop_button.py FOLDER < cells.json

cells.json holds {"setup": CODE, "training": CODE, "after": CODE}. The training is interrupted when it has printed its first line. Then the
kernel is interrupted once more while it does nothing. On stdout one JSON object: what each cell ended with ("status", "text"), how many
seconds the training went on after the interrupt, and whether the kernel was alive after each.
"""
import json
import sys
import time

from jupyter_client.manager import KernelManager

PATIENCE = 120  # seconds for any cell


def main(folder):
    cells = json.load(sys.stdin)
    manager = KernelManager(kernel_name="deno")
    manager.start_kernel(cwd=folder)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        told = {"setup": run(client, cells["setup"])}
        pressed = []

        def press(text):
            if not pressed:
                pressed.append(time.monotonic())
                manager.interrupt_kernel()

        told["training"] = run(client, cells["training"], press)
        told["seconds"] = time.monotonic() - pressed[0] if pressed else None
        told["alive"] = manager.is_alive()
        told["after"] = run(client, cells["after"])
        manager.interrupt_kernel()
        time.sleep(1)
        told["alive_after_idle_stop"] = manager.is_alive()
        if told["alive_after_idle_stop"]:
            told["after_idle_stop"] = run(client, cells["after"])
        print(json.dumps(told))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(client, code, on_text=lambda text: None):
    texts = []

    def hook(message):
        content = message["content"]
        text = content.get("text") or content.get("data", {}).get("text/plain") or content.get("evalue")
        if message["msg_type"] in ("stream", "execute_result", "error") and text:
            texts.append(text)
            if message["msg_type"] == "stream" and content["name"] == "stdout":
                on_text(text)

    reply = client.execute_interactive(code, timeout=PATIENCE, output_hook=hook, allow_stdin=False)
    # The Deno kernel may say that a cell is done a moment before the last of its outputs comes.
    time.sleep(0.2)
    while client.iopub_channel.msg_ready():
        hook(client.get_iopub_msg(timeout=1))
    return {"status": reply["content"]["status"], "text": "".join(texts)}


main(*sys.argv[1:])
