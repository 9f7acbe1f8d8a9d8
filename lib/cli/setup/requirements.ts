/** What setup installs from PyPI: the versions that Forger was tried with.
 * @module */

/** TensorFlow, of which Forger uses the C library. */
export const TENSORFLOW_VERSION = "2.21.0";

/** Oldest Python for which all of it exists, and the newest for which TensorFlow's wheel does: minor versions of Python 3. */
export const PYTHON_MINOR = { oldest: 10, newestForTensorflow: 13 } as const;

/** JupyterLab to open the notebooks, nbclient and nbconvert to execute them, plotly to draw their figures in JupyterLab. What they
 * bring with them is held to `constraints.txt`. */
export const JUPYTER: readonly string[] = ["jupyterlab==4.6.6", "nbclient==0.11.0", "nbconvert==7.17.2", "plotly==7.1.0"];

/** How to install TensorFlow on a machine. */
export interface TensorflowWheel {
  /** What pip is asked for. */
  requirement: string;
  /** Whether what the wheel depends on is needed too. The C library stands on its own; the GPU's libraries are dependencies. */
  dependencies: boolean;
}

/** The wheel for a machine, or none where TensorFlow has none, or Forger has no binding for it (Windows).
 * @param gpu whether there is an NVIDIA GPU that works. */
export function tensorflowWheel(os: string, architecture: string, gpu: boolean): TensorflowWheel | undefined {
  if (os === "linux" && gpu) return { requirement: `tensorflow[and-cuda]==${TENSORFLOW_VERSION}`, dependencies: true };
  if (os === "linux" && architecture === "x86_64") {
    return { requirement: `tensorflow-cpu==${TENSORFLOW_VERSION}`, dependencies: false };
  }
  // The CPU-only name exists for x86_64 alone; elsewhere the plain wheel is the small one.
  const plain = architecture === "aarch64" && (os === "linux" || os === "darwin");
  return plain ? { requirement: `tensorflow==${TENSORFLOW_VERSION}`, dependencies: false } : undefined;
}
