/** Marks answers: compares what they give with what the answers of the solutions give.
 * @module */
import { data, useBackend } from "../../../mod.ts";
import type { Verdict } from "../../checks/verdict.ts";
import { readNotebook } from "../notebook.ts";
import type { Report } from "./inside.ts";
import { ENDS, type Run, runModule } from "./sandbox.ts";
import { cellsOf, courseNotebook, type Exercise, type Mark, moduleFor, Ungradable } from "./submission.ts";
import { VARIANTS } from "./variants.ts";

/** A mark, and a sentence that explains it. */
export interface Marked {
  mark: Mark;
  message: string;
}

/** What a mark depends on. */
export interface Grading {
  /** Folder of the project. */
  root: string;
  /** Seed of the hidden variants. */
  seed: number;
  /** Seconds for each answer. */
  seconds: number;
}

/** Marks answers, and remembers what the solutions give. */
export class Marker {
  #grading: Grading;
  /** By the module: copies, and answers that are those of the solutions, run once. */
  #runs = new Map<string, Promise<Run>>();
  #solutions = new Map<string, Promise<unknown>>();

  constructor(grading: Grading) {
    this.#grading = grading;
  }

  /** Marks a notebook's answer to an exercise. Runs it in a sandbox.
   * @param cells of the notebook. */
  async mark(cells: ReturnType<typeof cellsOf>, exercise: Exercise): Promise<Marked> {
    const { root, seed, seconds } = this.#grading;
    let module: string;
    try {
      module = moduleFor(cells, exercise, root, seed);
    } catch (error) {
      if (!(error instanceof Ungradable)) throw error;
      return { mark: error.mark, message: error.message };
    }
    const { report, ended, error } = await this.#run(module, seconds);
    if (ended === "time") return { mark: "out of time", message: `ended after ${seconds} s` };
    if (report) return await this.#markOf(report, exercise);
    const refused = error.match(/Requires (\w+) access/)?.[1];
    if (refused) return { mark: "suspect", message: `asked for ${refused} access, which answers do not need: ${error}` };
    return { mark: "error", message: ended ? ENDS[ended] : error || "ended before its check" };
  }

  #run(module: string, seconds: number): Promise<Run> {
    const run = this.#runs.get(module) ?? runModule(module, this.#grading.root, seconds);
    this.#runs.set(module, run);
    return run;
  }

  async #markOf({ answer, verdict, given }: Report, exercise: Exercise): Promise<Marked> {
    // What the sandbox says of an answer in numbers can be forged.
    const isVaried = VARIANTS[exercise.chapter]?.[exercise.check] !== undefined;
    if (!isVaried || verdict === undefined) return ofVerdict(await checkedHere(exercise, answer));
    const said = ofVerdict(verdict);
    if (said.mark !== "right") return said;
    const difference = differenceOf(this.#judged(given, exercise), await this.#solutionTo(exercise));
    if (difference === undefined) return said;
    return { mark: "suspect", message: `right for the numbers of the notebook; for others, ${difference}` };
  }

  #judged(given: unknown, { chapter, check }: Exercise): unknown {
    try {
      return VARIANTS[chapter]![check]!.judge(given, data.seededRandom(this.#grading.seed));
    } catch {
      return given; // it does not have the form that it should have
    }
  }

  #solutionTo(exercise: Exercise): Promise<unknown> {
    const key = `${exercise.chapter} ${exercise.check}`;
    if (!this.#solutions.has(key)) this.#solutions.set(key, this.#solve(exercise));
    return this.#solutions.get(key)!;
  }

  async #solve(exercise: Exercise): Promise<unknown> {
    const { root, seed, seconds } = this.#grading;
    const cells = cellsOf(await readNotebook(await courseNotebook(root, exercise.chapter, "solutions")));
    const { report, ended, error } = await this.#run(moduleFor(cells, exercise, root, seed), seconds);
    if (report?.verdict?.right) return this.#judged(report.given, exercise);
    const reason = ended === "time" ? `it takes more than ${seconds} s; raise --seconds` : report?.verdict?.message ?? error;
    throw new Error(`Cannot grade chapter ${exercise.chapter}: the solution of ${exercise.check} fails: ${reason}`);
  }
}

/** Checks an answer that is no function, in this process: nothing of the student's code runs in it. */
async function checkedHere({ chapter, check }: Exercise, answer: unknown): Promise<Verdict> {
  await useBackend("cpu", { quiet: true });
  const checks = await import(`../../checks/${chapter}.ts`);
  if (typeof answer !== "object" || answer === null) return { right: false, message: `Not yet: expected numbers, got ${answer}` };
  const wrong = new Set<string>();
  // No comparison with what is no number holds, also none by which a check finds a number wrong.
  const get = (target: object, key: string | symbol): unknown => {
    const value = Reflect.get(target, key);
    if (typeof value !== "number") wrong.add(String(key));
    return value;
  };
  const verdict: Verdict = await checks[check](new Proxy(answer, { get }));
  if (!verdict.right || wrong.size === 0) return verdict;
  return { right: false, message: `Not yet: expected a number for ${[...wrong].join(", ")}` };
}

function ofVerdict({ right, message }: Verdict): Marked {
  if (right === true) return { mark: "right", message };
  const isEmpty = /"Your turn"|in the place of each NaN/.test(message);
  return { mark: isEmpty ? "no answer" : "not yet", message };
}

const [ABSOLUTE, RELATIVE] = [1e-4, 1e-3];

/** Says where a value first differs from another one; `undefined` if they agree. Numbers agree within rounding errors. */
export function differenceOf(got: unknown, wanted: unknown): string | undefined {
  if (typeof wanted === "number" && typeof got === "number") {
    const isClose = Number.isFinite(wanted) && Math.abs(got - wanted) <= ABSOLUTE + RELATIVE * Math.abs(wanted);
    const isNear = isClose || Object.is(got, wanted);
    return isNear ? undefined : `it gives ${short(got)} where the solution gives ${short(wanted)}`;
  }
  const areObjects = [got, wanted].every((value) => typeof value === "object" && value !== null);
  if (!areObjects) return got === wanted ? undefined : `it gives ${short(got)} where the solution gives ${short(wanted)}`;
  const [own, other] = [Object.entries(got as object), Object.entries(wanted as object)];
  if (own.length !== other.length) return `it gives ${short(got)} where the solution gives ${short(wanted)}`;
  for (const [i, [key, value]] of other.entries()) {
    const difference = own[i]![0] === key
      ? differenceOf(own[i]![1], value)
      : `it gives ${own[i]![0]} where the solution gives ${key}`;
    if (difference) return difference;
  }
  return undefined;
}

function short(value: unknown): string {
  if (typeof value === "number") return String(Number(value.toPrecision(6)));
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
