/// <reference lib="dom" />
/** The game's page: the plane, the buttons below it, and the messages to and from the worker.
 * @module */
import { readPart, scriptAddress } from "../parts.ts";
import { copyText, saveCanvas } from "../share.ts";
import { byId, prepareControls, showSettings, showShapes } from "./controls.ts";
import { History } from "./curves.ts";
import { drawPlane, type Layers } from "./drawing.ts";
import { explain } from "./explain.ts";
import { fromLink, toLink, toProgram } from "./link.ts";
import type { Order, Pace, Report } from "./messages.ts";
import { settingsOf } from "./presets.ts";
import { showNumbers, Speed } from "./readout.ts";
import { type GameSettings, startsOver } from "./settings.ts";
import { Sketch } from "./sketch.ts";
import type { Look } from "./trainer.ts";

/** Time between two updates of the explanation and the speed, in milliseconds: long enough for reading. */
const READING = 1000;
/** Time between two updates of the numbers and the curves during training, in milliseconds. */
const NUMBERS = 100;
/** Number of earlier snapshots that the explanation considers, one per {@linkcode READING}. */
const REMEMBERED = 4;

const plane = byId<HTMLCanvasElement>("plane");
const sketch = new Sketch(plane);
const history = new History();
let settings: GameSettings = fromLink(location.hash);
let preset = location.hash.length > 1 ? "" : "works";
let worker: Worker;
let running = false;
let look: Look | undefined;
let isFresh = false;
let game = 0;
let diverged = false;
let alone: { network: "D" | "G"; times: number } | undefined;
let earlier: Look[] = [];
let numbered = 0;
const speed = new Speed();

/** Returns the parts of the page that are disabled until the worker has started. */
const parts = () => document.querySelectorAll<HTMLElement>(".stage .tools, .controls");

function tell(order: Order): void {
  worker.postMessage(order);
}

function say(text: string): void {
  byId("said").textContent = text;
}

/** Returns the layers whose boxes are checked. */
function layers(): Layers {
  const isShown = (name: string) => byId<HTMLInputElement>(`show-${name}`).checked;
  return { field: isShown("field"), real: isShown("real"), generated: isShown("generated"), arrows: isShown("arrows") };
}

function run(wanted: boolean): void {
  if (wanted && sketch.active) finishDrawing();
  running = wanted;
  const button = byId("run");
  button.textContent = wanted ? "Pause" : "Train";
  button.setAttribute("aria-pressed", `${wanted}`);
  byId("explanation").setAttribute("aria-live", wanted ? "off" : "polite"); // not read aloud each second
  speed.interrupt();
  if (!wanted) return tell({ type: "pause" });
  alone = undefined;
  tell({ type: "run", pace: pace() });
}

function pace(): Pace {
  const { value } = byId<HTMLSelectElement>("pace");
  return value === "fast" || value === "picture" ? value : Number(value);
}

function step(which: "discriminator" | "generator" | "both"): void {
  if (running) run(false);
  if (sketch.active) finishDrawing();
  const network = which === "discriminator" ? "D" : "G";
  alone = which === "both" ? undefined : { network, times: alone?.network === network ? alone.times + 1 : 1 };
  tell({ type: "step", which });
}

/** Resets the state of the last game. */
function forget(): void {
  history.clear();
  [earlier, alone, diverged] = [[], undefined, false];
  speed.interrupt();
}

function restart(): void {
  if (diverged && running) run(false);
  forget();
  tell({ type: "restart" });
}

/** Applies new settings, and starts over if they require it. */
function take(next: GameSettings, name: string): void {
  if (startsOver(settings, next)) forget();
  [settings, preset] = [next, name];
  tell({ type: "change", settings });
  showSettings(settings, preset);
  globalThis.history.replaceState(null, "", `#${toLink(settings)}`);
  if (byId<HTMLDetailsElement>("program-box").open) byId("program").textContent = toProgram(settings);
}

function drawShape(wanted: boolean): void {
  if (wanted && running) run(false);
  sketch.active = wanted;
  byId("sketching").hidden = !wanted;
  if (wanted) plane.focus();
  isFresh = true;
}

function finishDrawing(): void {
  const { strokes } = sketch;
  drawShape(false);
  if (strokes.length === 0) return say("The drawing is empty, so the distribution remains unchanged.");
  take({ ...settings, shape: "drawn", strokes }, "");
}

/** Draws the plane and, at most once per NUMBERS during training, the numbers and the curves. */
function show(now: Look, time: number): void {
  drawPlane(plane, now, layers());
  if (running && time - numbered < NUMBERS) return;
  numbered = time;
  history.drawLosses(byId<HTMLCanvasElement>("losses"), settings.loss);
  history.drawDistance(byId<HTMLCanvasElement>("distances"));
  showNumbers(now);
}

/** Updates the explanation and the speed, at most once per READING during training. */
function showWords(now: number): void {
  if (!look) return;
  if (running && speed.passed(now) < READING) return;
  const text = explain({ settings, look, earlier, alone, diverged });
  if (byId("explanation").textContent !== text) byId("explanation").textContent = text;
  speed.show(now, running);
  if (running) earlier = [...earlier, look].slice(-REMEMBERED);
}

/** Draws the last snapshot in each animation frame, if it is new. */
function frame(now: number): void {
  requestAnimationFrame(frame);
  if (!isFresh) return;
  isFresh = false;
  tell({ type: "drawn" }); // the worker goes on while the page draws
  if (sketch.active) return sketch.draw();
  if (!look) return;
  show(look, now);
  speed.frames++;
  showWords(now);
}

function hear(report: Report): void {
  if (report.type === "look") {
    if (report.game !== game) {
      game = report.game;
      forget();
    }
    speed.steps += Math.max(0, report.look.steps.generator - (look?.steps.generator ?? 0));
    [look, isFresh] = [report.look, true];
    history.add(look);
  } else if (report.type === "started") {
    speed.backend = report.backend;
    document.body.classList.add("ready");
    byId("loading").hidden = true;
    for (const part of parts()) part.inert = false;
  } else if (report.type === "diverged") {
    diverged = true;
    run(false);
    isFresh = true;
  } else fail(report.message);
}

function fail(message: string): void {
  byId("loading").hidden = false;
  byId("loading").textContent = message;
}

async function savePicture(): Promise<void> {
  await saveCanvas(plane, `game-${settings.shape}-${settings.loss}.png`, { say }).catch(({ message }: Error) => say(message));
}

async function copyLink(): Promise<void> {
  const copied = await copyText(`${location.href.split("#")[0]}#${toLink(settings)}`);
  // take() keeps the address up to date.
  say(
    copied ? "Copied the link, which contains the settings and the drawing." : "The link is in the address bar: copy it there.",
  );
}

function prepare(): void {
  const presses: Record<string, () => unknown> = {
    run: () => run(!running),
    "step-d": () => step("discriminator"),
    "step-g": () => step("generator"),
    step: () => step("both"),
    restart,
    undo: () => sketch.undo(),
    clear: () => sketch.clear(),
    done: finishDrawing,
    save: savePicture,
    link: copyLink,
  };
  for (const [id, press] of Object.entries(presses)) byId(id).onclick = press;
  byId("pace").onchange = () => running && tell({ type: "run", pace: pace() });
  byId("program-box").ontoggle = () => byId("program").textContent = toProgram(settings);
  for (const box of document.querySelectorAll(".legend input")) box.addEventListener("change", () => isFresh = true);
  prepareControls({
    change: (given) => take({ ...settings, ...given }, ""),
    choose: (shape) => {
      drawShape(shape === "drawn");
      if (shape !== "drawn") take({ ...settings, shape }, "");
    },
    preset: (name) => {
      drawShape(false);
      take(settingsOf(name, settings.strokes), name);
      restart();
    },
  });
  const redraw = () => {
    isFresh = true;
    showShapes(settings);
  };
  addEventListener("resize", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

async function start(): Promise<void> {
  prepare();
  for (const part of parts()) part.inert = true;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) byId<HTMLSelectElement>("pace").value = "2";
  showSettings(settings, preset);
  sketch.strokes = settings.strokes;
  const [script, wasm] = await Promise.all([readPart("worker"), readPart("wasm")]).catch(() => {
    throw new Error("the page is damaged; load it again");
  });
  worker = new Worker(scriptAddress(script));
  worker.onmessage = ({ data }: MessageEvent<Report>) => hear(data);
  worker.onerror = ({ message }) => fail(`Cannot start the game: ${message || "the worker did not start"}`);
  // With "backend=cpu" after "#", the game uses plain JavaScript, for comparison.
  const backends = new URLSearchParams(location.hash.slice(1)).get("backend") === "cpu"
    ? ["cpu"] as const
    : ["wasm", "cpu"] as const;
  tell({ type: "start", settings, wasm, backends });
  requestAnimationFrame(frame);
}

start().catch(({ message }: Error) => fail(`Cannot start the game: ${message}`));
