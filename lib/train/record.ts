/** What a training leaves behind for people, as it goes: a folder with `index.html` (the page of results), `losses.csv` (each step at
 * once), `samples/` (a grid an epoch, and its pictures one by one) and `run.json` (settings and times).
 *
 * ```ts
 * const record = new RunRecord({ folder: "runs/facades", title: "pix2pix on facades", settings: model.settings, backend: "tensorflow 2.21, CPU" });
 * for await (const event of record.follow(model.train(pairs, { epochs: 25, samples }))) plot.show(event);
 * await record.finish({ tests });
 * ```
 * A training that goes on from a checkpoint goes on with its record: what it does again is written again, nothing twice.
 * @module */
import { join } from "node:path";
import { LossHistory } from "../plot/losses.ts";
import type { TestImages } from "../plot/page_tables.ts";
import { resultsPage } from "../plot/results_page.ts";
import type { TrainEvent } from "../events.ts";
import { readOwnJson, writeWholeText } from "./files.ts";
import { LossesCsv } from "./losses_csv.ts";
import { RunSamples } from "./run_samples.ts";

/** What a record is of. */
export interface RecordOptions {
  /** Made if it is not there. */
  folder: string;
  /** Of the page: "pix2pix on facades". */
  title: string;
  /** Whatever the training was started with; shown as a table. */
  settings: Record<string, unknown>;
  /** What computes, in a line: name, version, device. */
  backend?: string;
  /** Under the title. */
  subtitle?: string;
  /** Names of the fixed pictures. */
  sampleNames?: string[];
  /** How they were chosen. */
  sampleNote?: string;
}

/** What is only known at the end. */
export interface RunResults {
  /** Pictures that were not trained on. */
  tests?: TestImages[];
  /** What was measured, by name. */
  measures?: Record<string, unknown>;
}

/** What run.json holds beside the options. */
interface Saved {
  seconds: number;
  warnings: string[];
  /** "finished", say. */
  status?: string;
}

/** A run folder that is fed with a training's events. */
export class RunRecord {
  readonly #options: RecordOptions;
  readonly #csv: LossesCsv;
  readonly #samples: RunSamples;
  #history = new LossHistory();
  #saved: Saved = { seconds: 0, warnings: [] };
  #results: RunResults = {};
  #status = "waiting";
  /** When the training that runs now began, if one does. */
  #started: number | undefined;
  #begun = false;
  #lastStep = 0;

  /** Nothing is read or written before the first event. */
  constructor(options: RecordOptions) {
    this.#options = options;
    this.#csv = new LossesCsv(join(options.folder, "losses.csv"));
    this.#samples = new RunSamples(join(options.folder, "samples"));
  }

  /** Takes note of an event: a step becomes a row, samples become pictures and a new page.
   * @throws {Error} if the folder cannot be written, or holds a losses.csv of another kind. */
  async add(event: TrainEvent): Promise<void> {
    this.#started ??= performance.now();
    if (event.type === "warning") return this.#warn(event.message);
    if (event.type === "step" && event.step <= this.#lastStep) await this.#goBack(event.step - 1);
    if (event.type === "step") this.#lastStep = event.step;
    if (!this.#begun && (event.type === "step" || event.type === "sample")) {
      await this.#begin(event.type === "step" ? event.step - 1 : event.step);
    }
    if (event.type === "step") {
      this.#status = `running, step ${event.step} of ${event.steps}`;
      this.#history.add(event);
      const strange = await this.#csv.add(event);
      if (strange.length > 0) {
        this.#warn(`not in losses.csv, since it was not there from the first step on: ${strange.join(", ")}`);
      }
    } else if (event.type === "sample") {
      await this.#samples.add(event);
      await this.#write();
    } else if (event.type === "epoch" && event.epoch === event.epochs) this.#status = "finished";
  }

  /** A training that went back to its checkpoint does some steps again: what was written of them goes.
   * @param done the last step that stays. */
  async #goBack(done: number): Promise<void> {
    this.#history = new LossHistory();
    for (const point of await this.#csv.keepUpTo(done)) this.#history.add(point);
    await this.#samples.keepUpTo(done);
  }

  /** Passes a training's events on, and records each before it does; at the end, however it comes, the page says how it ended. If there was
   * no event, nothing is written. */
  async *follow<Event extends TrainEvent>(events: AsyncIterable<Event>): AsyncGenerator<Event> {
    let failed = false;
    try {
      for await (const event of events) {
        await this.add(event);
        yield event;
      }
    } catch (error) {
      failed = true;
      this.#status = "failed";
      this.#warn(error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      this.#saved.seconds = this.#seconds();
      this.#started = undefined;
      // A training that refused to begin leaves the page of an earlier one as it is. Where it failed later, a page that cannot be written
      // must not hide why.
      if (this.#begun) {
        await this.finish().catch((error) => {
          if (!failed) throw error;
        });
      }
    }
  }

  /** Writes the page for the last time; may be called again, when there are test pictures, say. Without any event, as of a training that is
   * resumed at its end, it keeps what the folder says. */
  async finish(results: RunResults = {}): Promise<void> {
    if (!this.#begun) await this.#begin(Infinity);
    this.#results = { ...this.#results, ...results };
    const ended = this.#status.replace(/^(running,|stopped after) step (.+) of \2$/, "finished");
    this.#status = ended.replace(/^running, /, "stopped after ");
    await this.#write();
  }

  /** Finds out whether this goes on with what is in the folder.
   * @param done steps that were done before. */
  async #begin(done: number): Promise<void> {
    this.#begun = true;
    await Deno.mkdir(this.#options.folder, { recursive: true });
    for (const point of await this.#csv.keepUpTo(done)) this.#history.add(point);
    await this.#samples.keepUpTo(done === 0 ? -1 : done); // one that begins makes all of them itself
    if (done === 0) return;
    const { seconds = 0, warnings = [], status = "waiting" } = await readOwnJson<Partial<Saved>>(this.#runFile, {});
    this.#status = status;
    this.#saved = { seconds, warnings: [...warnings, ...this.#saved.warnings.filter((warning) => !warnings.includes(warning))] };
  }

  get #runFile(): string {
    return join(this.#options.folder, "run.json");
  }

  /** What the training took until now, that of earlier runs included. */
  #seconds(): number {
    return this.#saved.seconds + (this.#started === undefined ? 0 : (performance.now() - this.#started) / 1000);
  }

  #warn(message: string): void {
    if (!this.#saved.warnings.includes(message)) this.#saved.warnings.push(message);
  }

  async #write(): Promise<void> {
    const { folder, title, subtitle, settings, backend, sampleNames, sampleNote } = this.#options;
    const seconds = this.#seconds();
    const { warnings } = this.#saved;
    const about = { title, status: this.#status, settings, seconds, warnings, ...(backend !== undefined && { backend }) };
    const { measures } = this.#results;
    await Deno.mkdir(folder, { recursive: true });
    await writeWholeText(this.#runFile, JSON.stringify({ ...about, measures }, null, 2) + "\n");
    const page = await resultsPage({
      ...about,
      ...this.#results,
      ...(subtitle !== undefined && { subtitle }),
      ...(sampleNames && { sampleNames }),
      ...(sampleNote !== undefined && { sampleNote }),
      losses: this.#history,
      samples: await this.#samples.read(),
      epochsSampled: this.#samples.count,
      files: [...(this.#history.length > 0 ? ["losses.csv"] : []), "run.json"],
    });
    await writeWholeText(join(folder, "index.html"), page);
  }
}
