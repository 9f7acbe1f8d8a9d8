/** Helpers of the tests of plot: plain images, decoded PNGs, recorded outputs and the events of a run. */
import type { Image } from "../../lib/data/image_bytes.ts";
import type { Outlet, Output } from "../../lib/plot/jupyter.ts";
import type { SampleEvent, StepEvent, TrainEvent } from "../../lib/events.ts";
import { loadSharp } from "../../lib/packages.ts";

/** Returns an image of one colour. */
export function solid(colour: [number, number, number], width = 8, height = width): Image {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) data.set(colour, i * 3);
  return { data, width, height, channels: 3 };
}

/** Pixels of a decoded PNG. */
export interface Pixels {
  width: number;
  height: number;
  at(x: number, y: number): number[];
  /** Number of pixels within 12 of a colour in each channel. */
  count(colour: number[]): number;
}

export async function pixelsOf(png: Uint8Array): Promise<Pixels> {
  const sharp = await loadSharp();
  const { data, info } = await sharp(png).removeAlpha().toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const at = (x: number, y: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
  const count = (colour: number[]) => {
    let sum = 0;
    for (let i = 0; i < data.length; i += 3) if (colour.every((value, c) => Math.abs(data[i + c]! - value) <= 12)) sum++;
    return sum;
  };
  return { width, height, at, count };
}

/** Returns an outlet that records the outputs in order. */
export function memoryOutlet(): Outlet & { shown: { output: Output; id: string | undefined }[]; last(): Map<string, Output> } {
  const shown: { output: Output; id: string | undefined }[] = [];
  return {
    shown,
    display(output, id) {
      shown.push({ output, id });
      return Promise.resolve();
    },
    last: () => new Map(shown.filter(({ id }) => id !== undefined).map(({ id, output }) => [id!, output])),
  };
}

export function stepEvent(step: number, more: Partial<StepEvent> = {}): StepEvent {
  const losses = { discriminator: 0.5, l1: 1 / step };
  return { type: "step", epoch: Math.ceil(step / 10), step, steps: 20, losses, learningRate: 0.0002, milliseconds: 100, ...more };
}

export function sampleEvent(epoch: number, step = epoch * 10): SampleEvent {
  const rows = [0, 1].map((n) => ({
    input: solid([0, 0, 255 - n]),
    generated: solid([epoch * 20, 100 + n, 0]),
    target: solid([255, n, 0]),
  }));
  return { type: "sample", epoch, step, rows };
}

/** Yields the events of a run of two epochs of ten steps. */
export async function* training(from = 0): AsyncGenerator<TrainEvent> {
  if (from === 0) yield sampleEvent(0);
  for (let step = from + 1; step <= 20; step++) {
    await Promise.resolve();
    yield stepEvent(step);
    if (step % 10 > 0) continue;
    const epoch = step / 10;
    yield { type: "epoch", epoch, epochs: 2, step, losses: { discriminator: 0.5, l1: 0.1 }, seconds: 1 };
    yield sampleEvent(epoch);
  }
}
