"""The command line of all peers, and the way they are timed: the same as that of Forger in ../step.ts."""
import argparse
import json
import resource
import statistics
import time

# Untimed runs at the start, as in ../step.ts.
WARM_UP = 3


def arguments(choices, what):
    """Reads the command line.

    choices: the names of the systems, or of the ways to run a model.
    what: the name of the option that takes one of them.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument(f"--{what}", choices=list(choices), default=list(choices)[0])
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--filters", type=int, default=64)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--precision", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--layout", choices=["channels_last", "contiguous"], default="channels_last")
    parser.add_argument("--fused", action="store_true", help="compute Adam in one loop over the weights")
    return parser.parse_args()


def report(version, steps, run, weights=None):
    """Times `run` and prints one line of JSON, in the form of `Result` in ../measure.ts.

    run: performs one step and waits for its result.
    weights: the number of trained weights of each network, by the name that Forger gives it.
    """
    first_at, times = None, []
    for i in range(WARM_UP + steps):
        start = time.perf_counter()
        run()
        if i >= WARM_UP:
            times.append((time.perf_counter() - start) * 1e3)
        first_at = first_at or time.time() * 1e3
    print(json.dumps({
        "version": version,
        "min_ms": round(min(times), 2),
        "median_ms": round(statistics.median(times), 2),
        "first_at": round(first_at),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "weights": weights or {},
    }))
