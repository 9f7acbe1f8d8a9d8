/** `deno task bench`: the duration of training steps, and of using a model, compared with other systems if installed.
 * @module */
import { hasBfloat16 } from "../../lib/backend/tensorflow/precision.ts";
import { backendOption, precisionOption } from "../../lib/cli/backend.ts";
import type { Command } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { choice, flag, integer, number, text, type Values } from "../../lib/settings.ts";
import { fromWhereCalled } from "../../lib/cli/paths.ts";
import { benchPipeline } from "./pipeline.ts";
import { only, ROWS, SYSTEMS } from "./rows.ts";
import { benchSoak, soakSentence } from "./soak.ts";
import { benchStep, sentence } from "./step.ts";
import { interpreters } from "./systems.ts";
import { benchTable, tableText } from "./table.ts";
import { benchTranslate, benchUse } from "./use.ts";

const options = {
  system: choice("pix2pix", SYSTEMS, { help: "For step: the system to train; of StackGAN, stage II." }),
  size: integer(256, { min: 4, unit: "pixels", help: "Height and width of the images." }),
  filters: integer(64, { min: 1, help: "Filters of the first layer of each network." }),
  batch: integer(1, { min: 1, unit: "images", help: "Batch size." }),
  steps: integer(undefined, {
    min: 1,
    help: "Number of timed steps, after three untimed steps; for translate, of files. Default: 10, and for table, more for " +
      "faster rows.",
  }),
  rounds: integer(3, { min: 1, help: "For table and pipeline: number of rounds. Each round times everything once." }),
  only,
  tuned: flag(false, {
    help: "For table: time the peers also with the settings that make them fastest: fused Adam, memory that stays in the " +
      "process, the faster layout of images, and PyTorch's compiler in use.",
  }),
  quick: flag(false, { help: "For table: time Forger alone, in one round of few steps, which takes two minutes." }),
  minutes: number(120, { min: 0, unit: "minutes", help: "For soak: duration of the training run." }),
  torch: text({
    value: "PYTHON",
    default: undefined,
    help: "For table: a Python interpreter that has PyTorch and, for the rows of use, OpenVINO. Default: the environment " +
      "variable FORGER_TORCH_PYTHON.",
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
  precision: precisionOption,
  json: flag(false, { help: "Print the result as one line of JSON, including every round." }),
  markdown: flag(false, { help: "Print the table in Markdown." }),
};

/** What each subject times, as named in a sentence. */
const SUBJECTS = {
  step: "One step",
  use: "Translating a batch",
  translate: "One file of deno task translate",
  pipeline: "One step on jpg files with jitter",
};

const command: Command<typeof options> = {
  name: "bench",
  usage: "[table | step | use | translate | pipeline | soak]",
  about: "Times training steps on random images, and the use of a model. table: every system at several sizes, models in use, " +
    "reading and start-up, compared with the same in PyTorch, TensorFlow and OpenVINO; step: steps of one system and size, " +
    "with Forger alone; use: the translation of images by pix2pix, with Forger alone; translate: deno task translate on jpg " +
    "files; pipeline: the cost of reading images from jpg files during training; soak: memory use and open files during a long " +
    "training run.",
  subject: {
    name: "benchmark",
    help: "The benchmark to run. Default: table.",
    choices: ["table", ...Object.keys(SUBJECTS), "soak"],
    default: "table",
  },
  options,
  examples: [
    { line: "bench step --size 256 --filters 64 --steps 10 --json", does: "time steps of pix2pix at the paper's size, as JSON" },
    { line: "bench step --system cyclegan --size 64 --filters 32 --backend wasm", does: "time CycleGAN on WebAssembly" },
    { line: "bench --torch python3 --tuned --rounds 5", does: "time everything and compare with PyTorch, stock and tuned" },
    { line: "bench --only cyclegan,pix2pix:256/64/1 --markdown", does: "print a table of two rows in Markdown" },
    { line: "bench --quick", does: "time everything in two minutes, in units of matrix products" },
    { line: "bench use --steps 20 --precision bfloat16", does: "time the translation of images by pix2pix in bfloat16" },
    { line: "bench pipeline --steps 12 --rounds 10", does: "time the decoding of jpg files, and jitter" },
    { line: "bench soak --size 128 --filters 32 --minutes 120", does: "observe the memory use of two hours of training" },
  ],
};

/** Fraction of a row's steps that `--quick` times. */
const QUICK = 0.25;

/** Rows by default: without those in a precision that this machine does not support. */
const supported = () => ROWS.filter(({ precision }) => precision === "float32" || hasBfloat16());

async function table({ only: rows = supported(), steps, quick, ...values }: Values<typeof options>): Promise<void> {
  const pythons = interpreters(values);
  const result = await benchTable({
    ...values,
    ...{ quick, pythons },
    rounds: quick ? 1 : values.rounds,
    rows: rows.map((row) => ({ ...row, steps: steps ?? Math.ceil(row.steps * (quick ? QUICK : 1)) })),
    report: (what) => console.error(what),
  });
  console.log(values.json ? JSON.stringify(result) : tableText(result, values.markdown ? "markdown" : "text"));
  if (!quick && !values.json && !(pythons.torch && pythons.tensorflow)) console.error(HOW_TO_ADD_PEERS);
}

/** Printed if there are no times of a peer. */
const HOW_TO_ADD_PEERS =
  "To compare with PyTorch, OpenVINO and TensorFlow for Python, install them (pip install torch openvino onnx tensorflow) and " +
  "name their interpreters with --torch PYTHON and --tensorflow PYTHON";

if (import.meta.main) {
  await runCommand(command, async (values, subject) => {
    if (subject === "table") return await table(values);
    const print = <T>(result: T, sentence: (result: T) => string) =>
      console.log(values.json ? JSON.stringify(result) : sentence(result));
    const { data, steps = 10 } = values;
    if (subject === "soak") return print(await benchSoak(values), soakSentence);
    const plan = { ...values, steps, data: data && fromWhereCalled(data) };
    const run = { step: benchStep, use: benchUse, translate: benchTranslate, pipeline: benchPipeline }[subject]!;
    print(await run(plan), (result) => sentence(SUBJECTS[subject as keyof typeof SUBJECTS], result));
  });
}
