/** `deno task bench`: the duration of training steps, compared with those in PyTorch and TensorFlow if installed.
 * @module */
import { backendOption } from "../../lib/cli/backend.ts";
import type { Command } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { flag, integer, number, text, type Values } from "../../lib/settings.ts";
import { fromWhereCalled } from "../../lib/cli/paths.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { benchPipeline, pipelineSentence } from "./pipeline.ts";
import { benchSoak, soakSentence } from "./soak.ts";
import { benchMatmul, benchStep, CONFIGURATIONS, matmulSentence, only, stepSentence } from "./step.ts";
import { PEERS, peersOf } from "./systems.ts";
import { benchTable, tableText } from "./table.ts";
import { benchForward, benchUse, forwardSentence, useText } from "./use.ts";

const options = {
  size: integer(256, { min: 4, unit: "pixels", help: "Height and width of the images." }),
  filters: integer(64, { min: 1, help: "Filters of the first layer of both networks." }),
  batch: integer(1, { min: 1, unit: "images", help: "Batch size." }),
  steps: integer(10, { min: 1, help: "Number of timed steps, after two untimed steps." }),
  rounds: integer(3, { min: 1, help: "For table, use and pipeline: number of rounds. Each round times everything once." }),
  minutes: number(120, { min: 0, unit: "minutes", help: "For soak: duration of the training run." }),
  only,
  torch: text({
    value: "PYTHON",
    default: undefined,
    help:
      "For table and use: a Python interpreter that has PyTorch and, for use, OpenVINO. Default: the environment variable FORGER_TORCH_PYTHON.",
  }),
  tensorflow: text({
    value: "PYTHON",
    default: undefined,
    help: "For table: a Python interpreter that has TensorFlow. Default: the environment variable FORGER_TENSORFLOW_PYTHON.",
  }),
  data: text({
    value: "FOLDER",
    default: undefined,
    help: "For pipeline: a folder of side-by-side images, used instead of generated facades.",
  }),
  backend: backendOption,
  json: flag(false, { help: "Print the result as one line of JSON, including every round." }),
  markdown: flag(false, { help: "Print the table in Markdown." }),
};

const command: Command<typeof options> = {
  name: "bench",
  usage: "[table | step | use | forward | pipeline | matmul | soak]",
  about:
    "Times whole pix2pix training steps on random images: the discriminator's step and the generator's step, each with its " +
    "update. table: several sizes, compared with the same step in PyTorch and TensorFlow; step: one size of Forger alone; " +
    "use: the translation of images with the paper's model, compared with PyTorch and OpenVINO, and deno task translate on a " +
    "folder; forward: the translation with Forger alone; " +
    "pipeline: the cost of reading images from JPEG files during training; matmul: the rate of matrix products, to judge how " +
    "well a step uses the machine; soak: memory use and open files during a long training run.",
  subject: {
    name: "benchmark",
    help: "The benchmark to run. Default: table.",
    choices: ["table", "step", "use", "forward", "pipeline", "matmul", "soak"],
    default: "table",
  },
  options,
  examples: [
    { line: "bench step --size 256 --filters 64 --batch 1 --steps 10 --json", does: "time the paper's size, as JSON" },
    { line: "bench step --size 64 --filters 32 --backend wasm", does: "time steps on WebAssembly" },
    { line: "bench --torch python3 --rounds 5", does: "time all sizes and compare with PyTorch" },
    { line: "bench --only 64/32/1,256/64/1 --markdown", does: "print a table of two sizes in Markdown" },
    {
      line: "bench use --torch python3 --rounds 5 --steps 20",
      does: "time pix2pix in use and compare with PyTorch and OpenVINO",
    },
    { line: "bench pipeline --steps 12 --rounds 10", does: "time the decoding of JPEG files, and jitter" },
    { line: "bench soak --size 128 --filters 32 --minutes 120", does: "observe the memory use of two hours of training" },
  ],
};

async function table(values: Values<typeof options>): Promise<void> {
  const { only: configurations = CONFIGURATIONS, json, markdown } = values;
  const peers = peersOf(values);
  const result = await benchTable({ ...values, configurations, peers, report: (what) => console.error(what) });
  console.log(json ? JSON.stringify(result) : tableText(result, markdown ? "markdown" : "text"));
  if (peers.length < PEERS.length && !json) console.error(HOW_TO_ADD_PEERS);
}

/** Printed if a column of the table is empty. */
const HOW_TO_ADD_PEERS =
  "To compare with TensorFlow for Python and PyTorch, install them (pip install tensorflow, pip install torch) and " +
  "name their interpreters with --tensorflow PYTHON and --torch PYTHON";

if (import.meta.main) {
  await runCommand(command, async (values, subject) => {
    const print = <T>(result: T, sentence: (result: T) => string) =>
      console.log(values.json ? JSON.stringify(result) : sentence(result));
    if (subject === "step") return print(await benchStep(values), stepSentence);
    if (subject === "forward") return print(await benchForward(values), forwardSentence);
    if (subject === "use") {
      await useBackend(values.backend);
      return print(await benchUse({ ...values, peers: peersOf(values), report: (what) => console.error(what) }), useText);
    }
    if (subject === "matmul") return print(await benchMatmul(values.backend), matmulSentence);
    if (subject === "soak") return print(await benchSoak(values), soakSentence);
    if (subject === "table") return await table(values);
    const data = values.data && fromWhereCalled(values.data);
    print(await benchPipeline({ ...values, data }), pipelineSentence);
  });
}
