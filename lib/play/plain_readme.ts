/** The README.md of a model for plain TensorFlow.js: a description of the model, its inputs and outputs, and code that loads it.
 * @module */
import { type SomeModel, systemOf } from "../systems/registry.ts";
import type * as tf from "../tf.ts";
import { sidesOf } from "./examples.ts";
import { captionsFor, namesOfClasses } from "./export.ts";
import type { PageCard, PageSide } from "./page_data.ts";

/** Version of TensorFlow.js that loads the models. */
const TFJS = "4.22.0";

/** Options of {@linkcode plainReadme}. */
export interface PlainReadme {
  title: string;
  card: PageCard;
  /** The models, keyed by the path of their model.json. */
  models: Record<string, tf.LayersModel>;
  runningStatistics: boolean;
}

/** An input or an output: its meaning, and JavaScript code that creates or shows it in a browser and in Node. */
interface Port {
  name: string;
  shape: number[];
  meaning: string;
  browser: string[];
  node: string[];
}

/** Writes the README. */
export function plainReadme(model: SomeModel, { title, card, models, runningStatistics }: PlainReadme): string {
  const ports = Object.entries(models).map(([path, network]) => ({ path, ...portsOf(model, path, network) }));
  const [text, trained, limits, licence] = [title, card.trained, card.limits, card.licence ?? ""].map(inLine);
  const [first] = ports as [(typeof ports)[number]];
  const tables = ports.flatMap(({ path, inputs, outputs }) => [`\`${path}\``, "", ...table(inputs, outputs), ""]);
  const own = systemOf(model.kind)!.uses.includes("translate") && !runningStatistics;
  const hasDropout = Object.values(models).some(({ layers }) => layers.some((layer) => layer.getClassName() === "Dropout"));
  return [
    ...[`# ${text}`, "", `A ${systemOf(model.kind)!.title} model for TensorFlow.js ${TFJS}. ${trained}`, ""],
    ...["## Inputs and outputs", "", ...tables],
    ...["## In a browser", "", ...fenced("html", page(first.path, first)), ""],
    "Browsers load a model only from a server. To try it out, run `python3 -m http.server` in this folder.",
    ...["", "## In Node", "", ...fenced("sh", [`npm install @tensorflow/tfjs@${TFJS}`]), ""],
    ...[...fenced("js", script(first.path, first)), "", "## Notes", ""],
    ...first.inputs.concat(first.outputs).some(({ shape }) => shape.length === 3)
      ? ["- Images have values in [-1, 1]: value = byte / 127.5 - 1. Their size is fixed; resize other images."]
      : [],
    "- The first dimension of each shape is the number of samples. Each sample is independent of the others.",
    own
      ? "- Norms use the statistics of each image, like Forger's `translate` for a single image."
      : "- Batch norm uses running statistics.",
    ...hasDropout && own
      ? [
        "- `predict` disables dropout, like `deno task translate --no-dropout`. `model.apply(input, { training: true })` " +
        "enables dropout, as in training.",
      ]
      : [],
    `- ${limits}`,
    ...licence ? [`- Data: ${licence}.`] : [],
    "",
  ].join("\n");
}

/** Returns text from the user, such as a title or a class name, as one line of Markdown that neither ends a table cell nor
 * contains HTML. */
function inLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().replace(/[\\|<]/g, "\\$&");
}

function fenced(language: string, lines: string[]): string[] {
  return ["```" + language, ...lines, "```"];
}

function table(inputs: Port[], outputs: Port[]): string[] {
  const row = (side: string) => ({ name, shape, meaning }: Port) =>
    `| ${side} | ${name} | [1, ${shape.join(", ")}] | ${inLine(meaning)} |`;
  return [
    "| | name | shape | meaning |",
    "| --- | --- | --- | --- |",
    ...inputs.map(row("input")),
    ...outputs.map(row("output")),
  ];
}

type Ports = { inputs: Port[]; outputs: Port[] };

/** Returns code that applies a model. */
function predict({ inputs, outputs }: Ports): string {
  const list = (names: string[]) => names.length === 1 ? names[0] : `[${names.join(", ")}]`;
  return `const ${list(outputs.map(({ name }) => name))} = model.predict(${list(inputs.map(({ name }) => name))});`;
}

function page(path: string, ports: Ports): string[] {
  const code = [
    `const model = await tf.loadLayersModel("${path}");`,
    ...ports.inputs.flatMap(({ browser }) => browser),
    predict(ports),
    ...ports.outputs.slice(0, 1).flatMap(({ browser }) => browser),
  ];
  const uses = (text: string) => code.some((line) => line.includes(text));
  return [
    `<script src="https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@${TFJS}/dist/tf.min.js"></script>`,
    ...uses('"img"') ? ['<img src="input.png">'] : [],
    ...uses('"canvas"') ? ["<canvas></canvas>"] : [],
    ...['<script type="module">', ...code.map((line) => `  ${line}`), "</script>"],
  ];
}

function script(path: string, ports: Ports): string[] {
  return [
    'import { readFile } from "node:fs/promises";',
    'import tf from "@tensorflow/tfjs";',
    "",
    `const { modelTopology, weightsManifest: [{ weights: weightSpecs }] } = JSON.parse(await readFile("${path}", "utf8"));`,
    `const weightData = new Uint8Array(await readFile("${path.replace("model.json", "weights.bin")}")).buffer;`,
    "const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));",
    ...ports.inputs.flatMap(({ node }) => node),
    predict(ports),
    ...ports.outputs.slice(0, 1).flatMap(({ node }) => node),
  ];
}

function portsOf(model: SomeModel, path: string, { inputs, outputs }: tf.LayersModel): Ports {
  const { input, output } = sidesOf(model);
  const isBack = path.startsWith("yToX");
  const [from, to] = isBack ? [output, input] : path.startsWith("encoder") ? [output, undefined] : [input, output];
  const shapeOf = ({ shape }: tf.SymbolicTensor) => shape.slice(1) as number[];
  return {
    inputs: inputs.map((tensor): Port => inputPort(model, tensor.sourceLayer.name, shapeOf(tensor), from)),
    outputs: outputs.map((tensor, i): Port => outputPort(model, ["output", "sketch"][i]!, shapeOf(tensor), to)),
  };
}

function inputPort(model: SomeModel, given: string, shape: number[], side: PageSide | undefined): Port {
  if (shape.length === 3) return imagePort(shape, side!);
  const { noise, classes } = model.settings;
  const port = (meaning: string, code: string) => {
    const lines = [`const ${given} = ${code};`];
    return { name: given, shape, meaning, browser: lines, node: lines };
  };
  const [size] = shape;
  if (given === "labels") {
    const names = namesOfClasses(model, classes).join(", ");
    return port(`1 for the class, 0 for all others. Classes: ${names}`, `tf.oneHot([0], ${size}, 1, 0, "float32")`);
  }
  if (given === "condition") {
    const { meaning, example } = condition(size!);
    return port(meaning, `tf.tensor2d([[${example.join(", ")}]])`);
  }
  if (given === "noise" && noise === "uniform") return port("uniform in [-1, 1)", `tf.randomUniform([1, ${size}], -1, 1)`);
  const mean = given.endsWith("epsilon") ? ", or 0 for the mean" : "";
  return port(`standard normal${mean}`, `tf.randomNormal([1, ${size}])`);
}

/** Describes conditions, with an example that consists of the first word of each choice. */
function condition(size: number): { meaning: string; example: number[] } {
  const choices = captionsFor(size).parts.flatMap((part) => typeof part === "string" ? [] : [part.words]);
  const words = choices.flat().map(({ text, sets }) => `${text} (${sets.join(" and ")})`).join(", ");
  const ones = choices.flatMap(([first]) => first!.sets);
  return {
    meaning: `the caption: 1 at the indices of its words, 0 elsewhere. Words and indices: ${words}`,
    example: Array.from({ length: size }, (_, i) => ones.includes(i) ? 1 : 0),
  };
}

/** Describes the channels of an image. */
function meaningText({ channels, meaning, palette }: PageSide): string {
  const names = palette?.map(({ name }) => name).join(", ");
  if (meaning === "classes") return `1 where a pixel belongs to the class, -1 elsewhere. Classes: ${names}`;
  const kind = { 1: "grey", 3: "red, green and blue", 4: "red, green, blue and alpha" }[channels] ?? `${channels} channels`;
  return `image in [-1, 1], ${kind}${names ? `. Label map, in the colours of: ${names}` : ""}`;
}

function imagePort(shape: number[], side: PageSide): Port {
  const [height, width, channels] = shape as [number, number, number];
  const [name, meaning] = ["input", meaningText(side)];
  if (side.meaning === "classes") {
    const lines = [
      `const classes = tf.zeros([1, ${height}, ${width}], "int32"); // the class of each pixel`,
      `const input = tf.oneHot(classes, ${channels}, 1, -1, "float32");`,
    ];
    return { name, shape, meaning, browser: lines, node: lines };
  }
  const resize = side.palette ? "resizeNearestNeighbor" : "resizeBilinear"; // colours of a palette must not be interpolated
  return {
    ...{ name, shape, meaning },
    browser: [
      'const image = document.querySelector("img");',
      "await image.decode();",
      `const pixels = tf.browser.fromPixels(image, ${channels});`,
      `const input = tf.image.${resize}(pixels, [${height}, ${width}]).div(127.5).sub(1).expandDims(0);`,
    ],
    node: [
      `const bytes = new Uint8Array(${height} * ${width} * ${channels}); // the channels of each pixel, row by row`,
      `const input = tf.tensor(bytes, [1, ${height}, ${width}, ${channels}], "int32").div(127.5).sub(1);`,
    ],
  };
}

function outputPort(model: SomeModel, name: string, shape: number[], side: PageSide | undefined): Port {
  const port = (meaning: string, lines: string[]) => ({ name, shape, meaning, browser: lines, node: lines });
  const values = `console.log(await ${name}.array());`;
  if (systemOf(model.kind)!.uses.includes("classify")) {
    return port(`probability of each class. Classes: ${namesOfClasses(model, model.settings.classes).join(", ")}`, [values]);
  }
  if (shape.length !== 3) return port(model.kind === "bicyclegan" ? "code of the image" : "point", [values]);
  if (side!.meaning === "classes") {
    return port(meaningText(side!), [`console.log(await ${name}.argMax(-1).array()); // the class of each pixel`]);
  }
  const [, , channels] = shape;
  const draw =
    `await tf.browser.toPixels(${name}.squeeze([0]).add(1).div(2).clipByValue(0, 1), document.querySelector("canvas"));`;
  return {
    ...{ name, shape, meaning: meaningText(side!) },
    browser: channels === 1 || channels === 3 || channels === 4 ? [draw] : [values],
    node: [`const bytesOut = Uint8Array.from(await ${name}.add(1).mul(127.5).round().clipByValue(0, 255).data());`],
  };
}
