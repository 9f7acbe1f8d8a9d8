/** Compact notebook outputs for the repository: small, and without meaningless differences between runs.
 * @module */
import { inLines, type Notebook, type NotebookOutput, whole } from "./notebook.ts";
import { loadSharp } from "../../lib/packages.ts";

/** Number of colours in a palette image. Photos of 128 pixels and plots look the same, in a third of the bytes. */
const COLOURS = 256;
/** Number of significant digits in an interactive figure: more than its pixels can show. */
const DIGITS = 4;
const PLOTLY = "application/vnd.plotly.v1+json";

/** Returns a notebook with compact outputs: palette images, figures with rounded numbers, plain text without colour codes, and
 * the consecutive chunks of each stream joined. */
export async function slimNotebook(notebook: Notebook): Promise<Notebook> {
  const cells = [];
  for (const cell of notebook.cells) {
    cells.push(cell.outputs ? { ...cell, outputs: await Promise.all(joined(cell.outputs).map(slim)) } : cell);
  }
  return { ...notebook, cells };
}

/** Joins consecutive outputs of the same stream: a cell that prints several lines may produce one output for each. Empty results,
 * which figures leave that display themselves, are omitted. */
function joined(outputs: NotebookOutput[]): NotebookOutput[] {
  const result: NotebookOutput[] = [];
  for (const output of outputs) {
    if (output.data && Object.keys(output.data).length === 0) continue;
    const last = result.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      result[result.length - 1] = { ...last, text: inLines(whole(last.text) + whole(output.text)) };
    } else result.push(output);
  }
  return result;
}

async function slim(output: NotebookOutput): Promise<NotebookOutput> {
  if (output.output_type === "stream") return { ...output, text: inLines(plain(whole(output.text))) };
  if (!output.data) return output;
  const data: Record<string, unknown> = { ...output.data };
  if (typeof data["image/png"] === "string" || Array.isArray(data["image/png"])) {
    data["image/png"] = await smallerPng(whole(data["image/png"] as string | string[]));
  }
  if (data["text/plain"] !== undefined) data["text/plain"] = inLines(plain(whole(data["text/plain"] as string | string[])));
  if (data[PLOTLY] !== undefined) data[PLOTLY] = await slimFigure(data[PLOTLY]);
  return { ...output, data };
}

/** Removes ANSI colour codes, which not every viewer renders. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- the codes begin with ESC
  return text.replaceAll(/\x1b\[[0-9;]*m/g, "");
}

/** Re-encodes a PNG with a palette, if that makes it smaller. Input and output are Base64. */
async function smallerPng(base64: string): Promise<string> {
  const sharp = await loadSharp();
  const file = Uint8Array.fromBase64(base64.trim());
  const palette = await sharp(file).png({ palette: true, colours: COLOURS, dither: 0, effort: 10 }).toBuffer();
  return palette.length < file.length ? new Uint8Array(palette).toBase64() : base64.trim();
}

/** Rounds the numbers of a figure and shrinks the images embedded in it. */
async function slimFigure(value: unknown): Promise<unknown> {
  if (typeof value === "number") return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
  if (Array.isArray(value)) return await Promise.all(value.map(slimFigure));
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(async ([name, part]) => [name, await slimFigure(part)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }
  const image = typeof value === "string" ? value.match(/^data:image\/png;base64,(.+)$/)?.[1] : undefined;
  return image ? `data:image/png;base64,${await smallerPng(image)}` : value;
}
