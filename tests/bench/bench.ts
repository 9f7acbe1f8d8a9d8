/** `deno task bench`: what training steps take here, beside PyTorch and TensorFlow for Python where they are installed.
 * @module */
import { backendOption } from "../../lib/cli/backend.ts";
import { CONFIGURATIONS, only } from "./configurations.ts";
import { benchPipeline, pipelineSentence } from "./pipeline.ts";
import { tableText } from "./print.ts";
import { benchMatmul, matmulSentence } from "./rate.ts";
import { benchSoak, soakSentence } from "./soak.ts";
import { benchStep, stepSentence } from "./step.ts";
import { PEERS, peersOf } from "./systems.ts";
import { benchTable } from "./table.ts";
import type { Command } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { flag, integer, number, text, type Values } from "../../lib/settings.ts";
import { fromWhereCalled } from "../../lib/cli/paths.ts";

const options = {
  size: integer({ default: 256, min: 4, unit: "pixels", help: "Height and width of the pictures." }),
  filters: integer({ default: 64, min: 1, help: "Filters of the first layer of both networks." }),
  batch: integer({ default: 1, min: 1, unit: "pictures", help: "Pictures in a step." }),
  steps: integer({ default: 10, min: 1, help: "Steps that count, after two to warm up." }),
  rounds: integer({ default: 3, min: 1, help: "For table and pipeline: how often all take their turn." }),
  minutes: number({ default: 120, min: 0, help: "For the soak: how long it trains." }),
  only,
  torch: text({
    value: "PYTHON",
    default: undefined,
    help: "For the table: a Python that has PyTorch, to be timed beside. Without it FORGER_TORCH_PYTHON names one.",
  }),
  tensorflow: text({
    value: "PYTHON",
    default: undefined,
    help: "For the table: a Python that has TensorFlow, likewise. Without it FORGER_TENSORFLOW_PYTHON names one.",
  }),
  data: text({
    value: "FOLDER",
    default: undefined,
    help: "For the pipeline: side-by-side pictures, instead of facades drawn for it.",
  }),
  backend: backendOption,
  json: flag({ help: "Print one line of JSON, with every round." }),
  markdown: flag({ help: "Print the table in Markdown." }),
};

const command: Command<typeof options> = {
  name: "bench",
  usage: "[table | step | pipeline | matmul | soak]",
  about:
    "Times whole pix2pix training steps on random pictures: the discriminator's step, then the generator's, each with its update. " +
    "table: several sizes, beside the same step in PyTorch and TensorFlow; step: one size, here; pipeline: what reading pictures from jpg " +
    "files costs a step; matmul: how fast matrices are multiplied, the measure of how well a step uses the machine; soak: whether a long " +
    "training keeps to its memory and its files.",
  subject: {
    name: "benchmark",
    help: "What to time. Default: table.",
    choices: ["table", "step", "pipeline", "matmul", "soak"],
    default: "table",
  },
  options,
  examples: [
    { line: "bench step --size 256 --filters 64 --batch 1 --steps 10 --json", does: "the paper's size, as JSON" },
    { line: "bench step --size 64 --filters 32 --backend wasm", does: "on WebAssembly" },
    { line: "bench --torch python3 --rounds 5", does: "all sizes, beside PyTorch" },
    { line: "bench --only 64/32/1,256/64/1 --markdown", does: "two sizes, as a table to be pasted" },
    { line: "bench pipeline --steps 12 --rounds 10", does: "what decoding jpg files and jitter cost" },
    { line: "bench soak --size 128 --filters 32 --minutes 120", does: "two hours of training, and what it holds meanwhile" },
  ],
};

async function table(values: Values<typeof options>): Promise<void> {
  const { only: configurations = CONFIGURATIONS, json, markdown } = values;
  const peers = peersOf(values);
  const result = await benchTable({ ...values, configurations, peers, report: (what) => console.error(what) });
  console.log(json ? JSON.stringify(result) : tableText(result, markdown ? "markdown" : "text"));
  if (peers.length < PEERS.length && !json) console.error(HOW_TO_HAVE_PEERS);
}

/** Where a column has only dashes. */
const HOW_TO_HAVE_PEERS =
  "To have the same step timed in TensorFlow for Python and in PyTorch, install them (pip install tensorflow, pip " +
  "install torch) and name their interpreters with --tensorflow PYTHON and --torch PYTHON";

if (import.meta.main) {
  await runCommand(command, async (values, subject) => {
    const print = <T>(result: T, sentence: (result: T) => string) =>
      console.log(values.json ? JSON.stringify(result) : sentence(result));
    if (subject === "step") return print(await benchStep(values), stepSentence);
    if (subject === "matmul") return print(await benchMatmul(values.backend), matmulSentence);
    if (subject === "soak") return print(await benchSoak(values), soakSentence);
    if (subject === "table") return await table(values);
    const data = values.data && fromWhereCalled(values.data);
    print(await benchPipeline({ ...values, data }), pipelineSentence);
  });
}
