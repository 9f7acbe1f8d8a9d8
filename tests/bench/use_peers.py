"""Times the U-Net of pix2pix in use, for comparison in `deno task bench use`: PyTorch compiled with frozen weights and, if
installed, OpenVINO (pip install openvino onnx), in milliseconds for a batch. Both use running statistics, which they fold into
the convolutions, and no dropout.

    python use_peers.py --size 256 --filters 64 --batch 1 --steps 20
"""
import json
import os
import statistics
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
steps = int(sys.argv[sys.argv.index("--steps") + 1])
exec(open(os.path.join(HERE, "pix2pix_torch.py")).read().split("\ndef bce")[0])  # the networks, `args` and the imports

F.dropout = lambda x, *_: x  # the networks apply dropout in evaluation mode as well
G = Unet().eval()
x = torch.rand(args.batch, 3, args.size, args.size) * 2 - 1


def median_ms(run):
    for _ in range(3):
        run()
    times = []
    for _ in range(steps):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    return round(statistics.median(times), 1)


result = {"peer": f"PyTorch {torch.__version__}"}
try:
    import openvino as ov

    path = os.path.join(tempfile.mkdtemp(), "g.onnx")
    torch.onnx.export(G, (x,), path, dynamo=False, opset_version=17)
    core = ov.Core()
    for name, precision in [("OpenVINO", "f32"), ("OpenVINO bfloat16", "bf16")]:
        options = {"INFERENCE_NUM_THREADS": args.threads, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": precision}
        request = core.compile_model(core.read_model(path), "CPU", options).create_infer_request()
        images = x.numpy()
        result[name] = median_ms(lambda: request.infer({0: images}))
    result["peer"] += f", OpenVINO {ov.__version__.split('-')[0]}"
except ImportError:
    pass
with torch.no_grad():
    import torch._inductor.config

    torch._inductor.config.freezing = True
    G, x = G.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    compiled = torch.compile(G)
    result["PyTorch compiled"] = median_ms(lambda: compiled(x).numpy())
print(json.dumps(result))
