/** The run folder, which is written during a training run: `index.html` (the results page), `losses.csv` (one row per step,
 * written immediately), `samples/` (a grid per epoch, and its individual images) and `run.json` (settings and duration).
 *
 * ```ts
 * const record = new RunRecord({
 *   folder: "runs/facades", title: "pix2pix on facades",
 *   settings: model.settings, backend: "tensorflow 2.21, CPU",
 * });
 * for await (const event of record.follow(model.train(pairs, { epochs: 25, samples }))) plot.show(event);
 * await record.finish({ tests });
 * ```
 * A resumed training run continues its record. The rows, samples and plots of repeated steps replace the earlier ones.
 * @module */
import { join } from "node:path";
import { cpuUsage } from "node:process";
import { LossHistory } from "../plot/losses.ts";
import type { TestImages } from "../plot/page_tables.ts";
import { resultsPage } from "../plot/results_page.ts";
import type { TrainEvent } from "../events.ts";
import { readJsonFile, writeJsonFile, writeTextFile } from "./files.ts";
import { LossesCsv } from "./losses_csv.ts";
import { RunSamples } from "./run_samples.ts";

/** Options of {@linkcode RunRecord}. */
export interface RecordOptions {
  /** The run folder, which is created if it does not exist. */
  folder: string;
  /** Title of the page, such as "pix2pix on facades". */
  title: string;
  /** Settings of the model and of the run, shown as a table. */
  settings: Record<string, unknown>;
  /** Description and unit of each setting, keyed by the name of the setting. */
  meanings?: Record<string, { help: string; unit?: string }>;
  /** One-line description of the backend: name, version, device. */
  backend?: string;
  /** Subtitle of the page. */
  subtitle?: string;
  /** Names of the samples. */
  sampleNames?: string[];
  /** Note on how the samples were chosen. */
  sampleNote?: string;
}

/** Results that become available after training. */
export interface RunResults {
  /** Results on held-out images. */
  tests?: TestImages[];
  /** Metrics, keyed by name. */
  measures?: Record<string, unknown>;
}

/** Contents of run.json other than the options. */
interface Saved {
  seconds: number;
  /** Processor time in seconds, summed over all cores; absent if an earlier version wrote a part of the record. */
  cpuSeconds?: number;
  warnings: string[];
  /** Status of the run, such as "finished". */
  status?: string;
}

type Times = Pick<Saved, "seconds" | "cpuSeconds">;

/** Returns the wall-clock time and the processor time, in seconds. */
function timesNow(): Required<Times> {
  const { user, system } = cpuUsage();
  return { seconds: performance.now() / 1000, cpuSeconds: (user + system) / 1e6 };
}

/** Writes the events of a training run into its folder. */
export class RunRecord {
  readonly #options: RecordOptions;
  readonly #csv: LossesCsv;
  readonly #samples: RunSamples;
  #history = new LossHistory();
  #saved: Saved = { seconds: 0, cpuSeconds: 0, warnings: [] };
  #results: RunResults = {};
  #status = "waiting";
  /** Times at the start of the current training run, if one is in progress. */
  #started: Required<Times> | undefined;
  #begun = false;
  /** Contents of an earlier run.json; `undefined` until the folder has been checked. */
  #earlier: Saved | undefined;
  #lastStep = 0;

  /** Creates a record. The constructor neither reads nor writes files. */
  constructor(options: RecordOptions) {
    this.#options = options;
    this.#csv = new LossesCsv(join(options.folder, "losses.csv"));
    this.#samples = new RunSamples(join(options.folder, "samples"));
  }

  /** Records an event. A step is written as a row of losses.csv. Samples are written as images, and the page is then rewritten.
   * @throws {Error} If the folder is not writable, or contains a losses.csv in another format. */
  async add(event: TrainEvent): Promise<void> {
    this.#started ??= timesNow();
    if (event.type === "warning") return this.#warn(event.message);
    if (event.type === "step" && event.step <= this.#lastStep) await this.#goBack(event.step - 1);
    if (event.type === "step") this.#lastStep = event.step;
    if (!this.#begun && (event.type === "step" || event.type === "sample")) {
      await this.#begin(event.type === "step" ? event.step - 1 : event.step);
    }
    if (event.type === "step") {
      this.#status = `running, step ${event.step} of ${event.steps}`;
      this.#history.add(event);
      const unknown = await this.#csv.add(event);
      if (unknown.length > 0) {
        this.#warn(`losses.csv has no columns for losses that were absent from the first step: ${unknown.join(", ")}`);
      }
    } else if (event.type === "sample") {
      await this.#samples.add(event);
      await this.#write();
    } else if (event.type === "epoch" && event.epoch === event.epochs) this.#status = "finished";
  }

  /** After a rollback, removes the rows and samples of the steps that will be repeated.
   * @param done The last step to keep. */
  async #goBack(done: number): Promise<void> {
    this.#history = new LossHistory();
    for (const point of await this.#csv.keepUpTo(done)) this.#history.add(point);
    await this.#samples.keepUpTo(done);
  }

  /** Records each event and then yields it. When the run ends or fails, the status on the page is updated. If there are no
   * events, nothing is written.
   * @throws {Error} Before the first event if a file in the folder is damaged. */
  async *follow<Event extends TrainEvent>(events: AsyncIterable<Event>): AsyncGenerator<Event> {
    let failed = false;
    this.#earlier ??= await this.#check();
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
      Object.assign(this.#saved, this.#times());
      this.#started = undefined;
      // A run that is refused leaves the page of an earlier run unchanged. After a failure, an error while writing the page must
      // not hide the original error.
      if (this.#begun) {
        await this.finish().catch((error) => {
          if (!failed) throw error;
        });
      }
    }
  }

  /** Writes the final page; may be called again with additional results. If there were no events, for example because a finished
   * run was resumed, the existing results in the folder are kept. */
  async finish(results: RunResults = {}): Promise<void> {
    if (!this.#begun) await this.#begin(Infinity);
    this.#results = { ...this.#results, ...results };
    const ended = this.#status.replace(/^(running,|stopped after) step (.+) of \2$/, "finished");
    this.#status = ended.replace(/^running, /, "stopped after ");
    await this.#write();
  }

  /** Starts a new record, or continues the existing record if the run is resumed.
   * @param done Number of steps already taken. */
  async #begin(done: number): Promise<void> {
    const { warnings, status = "waiting", ...times } = this.#earlier ??= await this.#check();
    this.#begun = true; // from now on, files are written
    await Deno.mkdir(this.#options.folder, { recursive: true });
    for (const point of await this.#csv.keepUpTo(done)) this.#history.add(point);
    await this.#samples.keepUpTo(done === 0 ? -1 : done); // a new run generates all of them
    if (done === 0) return;
    this.#status = status;
    this.#saved = { ...times, warnings: [...warnings, ...this.#saved.warnings.filter((warning) => !warnings.includes(warning))] };
  }

  /** Reads and checks the existing files of the run folder, before any file is written.
   * @throws {Error} If a file is damaged. */
  async #check(): Promise<Saved> {
    await this.#csv.read();
    await this.#samples.stored();
    const { seconds = 0, cpuSeconds, warnings = [], status } = await readJsonFile<Partial<Saved>>(this.#runFile, {});
    if (typeof seconds === "number" && Array.isArray(warnings)) {
      return { seconds, ...cpuSeconds !== undefined && { cpuSeconds }, warnings, ...status && { status } };
    }
    throw new Error(`Cannot continue with ${this.#runFile}: expected "seconds" and "warnings"; move or delete the file`);
  }

  get #runFile(): string {
    return join(this.#options.folder, "run.json");
  }

  /** Training times so far, including earlier sessions. */
  #times(): Times {
    const { seconds, cpuSeconds } = this.#saved;
    const [from, to] = [this.#started, this.#started && timesNow()];
    return {
      seconds: from ? seconds + to!.seconds - from.seconds : seconds,
      ...cpuSeconds !== undefined && { cpuSeconds: from ? cpuSeconds + to!.cpuSeconds - from.cpuSeconds : cpuSeconds },
    };
  }

  #warn(message: string): void {
    if (!this.#saved.warnings.includes(message)) this.#saved.warnings.push(message);
  }

  async #write(): Promise<void> {
    const { folder, title, subtitle, settings, meanings, backend, sampleNames, sampleNote } = this.#options;
    const { seconds, ...processor } = this.#times();
    const { warnings } = this.#saved;
    const about = { title, status: this.#status, settings, seconds, warnings, ...(backend !== undefined && { backend }) };
    const { measures } = this.#results;
    await Deno.mkdir(folder, { recursive: true });
    await writeJsonFile(this.#runFile, { ...about, ...processor, measures });
    const page = await resultsPage({
      ...about,
      ...this.#results,
      ...(subtitle !== undefined && { subtitle }),
      ...(meanings && { meanings }),
      ...(sampleNames && { sampleNames }),
      ...(sampleNote !== undefined && { sampleNote }),
      losses: this.#history,
      samples: await this.#samples.read(),
      epochsSampled: this.#samples.count,
      files: [...(this.#history.length > 0 ? ["losses.csv"] : []), "run.json"],
    });
    await writeTextFile(join(folder, "index.html"), page);
  }
}
