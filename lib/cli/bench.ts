/** `deno task bench`: what training steps take here, beside PyTorch and TensorFlow for Python where they are installed.
 * @module */
import { join } from "node:path";
import { useBackend } from "../backend/use_backend.ts";
import { backendOption } from "./backend.ts";
import { benchPipeline, pipelineSentence } from "./bench/pipeline.ts";
import { tableText } from "./bench/print.ts";
import { benchStep, type Configuration, stepSentence } from "./bench/step.ts";
import { benchTable, CONFIGURATIONS, type Peer } from "./bench/table.ts";
import type { Command } from "./command.ts";
import { runCommand } from "./main.ts";
import { flag, integer, type Option, text, type Values } from "./options.ts";
import { fromWhereCalled } from "./paths.ts";
import { ROOT } from "./root.ts";

const only: Option<readonly Configuration[]> = {
  help: "For the table: which configurations, each as size/filters/batch.",
  value: "LIST",
  default: CONFIGURATIONS,
  read(list) {
    return list.split(",").map((item) => {
      const numbers = item.split("/").map(Number);
      if (numbers.length !== 3 || !numbers.every((number) => Number.isSafeInteger(number) && number > 0)) {
        throw new RangeError('wanted for example "64/32/1,256/64/1"');
      }
      const [size, filters, batch] = numbers as [number, number, number];
      return { size, filters, batch };
    });
  },
};

const options = {
  size: integer({ default: 256, min: 4, unit: "pixels", help: "Height and width of the pictures." }),
  filters: integer({ default: 64, min: 1, help: "Filters of the first layer of both networks." }),
  batch: integer({ default: 1, min: 1, unit: "pictures", help: "Pictures in a step." }),
  steps: integer({ default: 10, min: 1, help: "Steps that count, after two to warm up." }),
  rounds: integer({ default: 3, min: 1, help: "For table and pipeline: how often all take their turn." }),
  only,
  torch: text({ value: "PYTHON", default: undefined, help: "For the table: a Python that has PyTorch, to be timed beside." }),
  tensorflow: text({ value: "PYTHON", default: undefined, help: "For the table: a Python that has TensorFlow, likewise." }),
  data: text({
    value: "FOLDER",
    default: undefined,
    help: "For the pipeline: side-by-side pictures, instead of facades drawn for it.",
  }),
  backend: backendOption,
  json: flag({ help: "Print one line of JSON." }),
  markdown: flag({ help: "Print the table in Markdown." }),
};

const command: Command<typeof options> = {
  name: "bench",
  usage: "[step | table | pipeline]",
  about:
    "Times whole pix2pix training steps on random pictures: the discriminator's step, then the generator's, each with its update. " +
    "step: one size, here; table: several sizes, beside the same step in PyTorch and TensorFlow; pipeline: what reading pictures costs.",
  subject: { name: "benchmark", help: "What to time. Default table.", choices: ["step", "table", "pipeline"], default: "table" },
  options,
  examples: [
    { line: "bench step --size 256 --filters 64 --batch 1 --steps 10 --json", does: "the paper's size, as JSON" },
    { line: "bench step --size 64 --filters 32 --backend wasm", does: "on WebAssembly" },
    { line: "bench --torch python3 --rounds 5", does: "all sizes, beside PyTorch" },
    { line: "bench pipeline --steps 20", does: "what decoding jpg files and jitter cost" },
  ],
};

function peersOf({ tensorflow, torch }: Values<typeof options>): Peer[] {
  // A bare name is looked for where programs are; anything else is a path.
  const program = (python: string) => /[\\/]/.test(python) ? fromWhereCalled(python) : python;
  const script = (name: string) => join(ROOT, "tests", "bench", name);
  return [
    ...(tensorflow
      ? [{ name: "tf.function" as const, python: program(tensorflow), script: script("pix2pix_tensorflow.py") }]
      : []),
    ...(torch ? [{ name: "PyTorch" as const, python: program(torch), script: script("pix2pix_torch.py") }] : []),
  ];
}

async function table(values: Values<typeof options>): Promise<void> {
  const { only: configurations, rounds, steps, backend, json, markdown } = values;
  const { name } = await useBackend(backend);
  const peers = peersOf(values);
  const rows = await benchTable({ configurations, rounds, steps, backend: name, peers, report: (what) => console.error(what) });
  console.log(json ? JSON.stringify(rows) : tableText(rows, markdown ? "markdown" : "text"));
  if (peers.length < 2 && !json) console.error("With --tensorflow PYTHON and --torch PYTHON the same step is timed there too");
}

if (import.meta.main) {
  await runCommand(command, async (values, subject) => {
    const print = <T>(result: T, sentence: (result: T) => string) =>
      console.log(values.json ? JSON.stringify(result) : sentence(result));
    if (subject === "step") return print(await benchStep(values), stepSentence);
    if (subject === "table") return await table(values);
    const data = values.data && fromWhereCalled(values.data);
    print(await benchPipeline({ ...values, data }), pipelineSentence);
  });
}
