"""Times pix2pix's U-Net in use, for comparison in `deno task bench`: with running statistics, which can be folded into the
convolutions, and without dropout.

    python use.py --engine eager|compiled|openvino --size 256 --filters 64 --batch 1 --steps 20 [--precision bfloat16]

`compiled` is PyTorch's compiler with frozen weights. OpenVINO needs `pip install openvino onnx`.
"""
import contextlib
import os
import sys
import tempfile

import torch

from networks import UNet
from timing import arguments, report


def eager(network, images):
    def run():
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=args.precision == "bfloat16"):
            return network(images).float().numpy()

    return run, f"torch {torch.__version__}"


def compiled(network, images):
    import torch._inductor.config

    torch._inductor.config.freezing = True
    return eager(torch.compile(network), images)


def openvino(network, images):
    try:
        import onnx  # noqa: F401, which PyTorch needs for the export
        import openvino as ov
    except ImportError as missing:
        sys.exit(f"{missing}: pip install openvino onnx")

    path = os.path.join(tempfile.mkdtemp(), "model.onnx")
    with contextlib.redirect_stdout(sys.stderr):
        torch.onnx.export(network, (images.contiguous(),), path, dynamo=False, opset_version=17)
    core = ov.Core()
    request = core.compile_model(core.read_model(path), "CPU", {
        "INFERENCE_NUM_THREADS": args.threads,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "bf16" if args.precision == "bfloat16" else "f32",
    }).create_infer_request()
    values = images.contiguous().numpy()
    return lambda: request.infer({0: values}), f"OpenVINO {ov.__version__.split('-')[0]}"


ENGINES = {"eager": eager, "compiled": compiled, "openvino": openvino}

args = arguments(ENGINES, "engine")
torch.set_num_threads(args.threads)
network = UNet(args.size, 3, args.filters).eval().to(memory_format=torch.channels_last)
images = torch.rand(args.batch, 3, args.size, args.size) * 2 - 1
run, version = ENGINES[args.engine](network, images.contiguous(memory_format=torch.channels_last))
report(version, args.steps, run, {"generator": sum(weight.numel() for weight in network.parameters())})
