/** Runs inside of Deno's kernel before the first cell, as an expression that the Forger kernel calls with the paths of two files.
 *
 * It lets cells be stopped without ending the process: SIGINT listeners (that of a training run, say) are called when the first
 * file says so instead of by a signal, and awaits of cells throw. The second file tells the Forger kernel what became of that. It
 * also reports errors that nobody awaits, and prints the library's messages, which are no errors, to stdout. */
((wishFile, stateFile) => {
  const { addSignalListener, readTextFileSync, removeSignalListener, unrefTimer, writeTextFileSync } = Deno;
  const { clearInterval, queueMicrotask, setInterval, setTimeout } = globalThis;
  const { now } = Date;
  const sourceOf = Function.prototype.toString;
  const { error: printError, info: printInfo } = console;
  /** The SIGINT listeners, and when each was added. */
  const listeners = new Map();
  /** Rejects a pending await of a cell; the value is when the await began. */
  const waits = new Map();
  const stops = new WeakSet();
  /** After a second press of Stop, no await of a cell waits any more: a loop may catch what they throw. */
  let refusal;
  const state = { id: 0, newest: 0, asked: 0, stopped: 0 };
  const tell = (news) => writeTextFileSync(stateFile, JSON.stringify(Object.assign(state, news)));

  /** Whether a listener does anything: one that only keeps the process alive cannot end a cell. */
  const acts = (listener) => !/(=>|\))\s*\{\s*\}$/.test(sourceOf.call(listener));
  const tellNewest = () => tell({ newest: Math.max(0, ...listeners.values()) });

  Deno.addSignalListener = (name, listener) => {
    if (name !== "SIGINT") return addSignalListener(name, listener);
    if (acts(listener)) listeners.set(listener, now());
    tellNewest();
  };
  Deno.removeSignalListener = (name, listener) => {
    if (name !== "SIGINT") return removeSignalListener(name, listener);
    listeners.delete(listener);
    tellNewest();
  };

  const stoppable = (value) => {
    if (value === null || typeof value !== "object" && typeof value !== "function") return value;
    return new Promise((resolve, reject) => {
      if (refusal) return reject(refusal);
      waits.set(reject, now());
      const settle = (done) => (result) => {
        waits.delete(reject);
        done(result);
      };
      Promise.resolve(value).then(settle(resolve), settle(reject));
    });
  };
  const stoppableEach = (iterable) => {
    const begin = iterable?.[Symbol.asyncIterator];
    if (typeof begin !== "function") return iterable;
    return {
      [Symbol.asyncIterator]() {
        const iterator = begin.call(iterable);
        const close = () => Promise.resolve(iterator.return?.()).catch(() => {});
        // A for loop does not call return() if next() throws, but whatever the loop reads from must be closed.
        const next = (value) => stoppable(iterator.next(value)).catch((reason) => (stops.has(reason) && close(), reject(reason)));
        const reject = (reason) => Promise.reject(reason);
        return { next, return: (value) => iterator.return?.(value) ?? { done: true, value } };
      },
    };
  };
  /** Deno's kernel learns that V8 has ended a cell after an await of its own only when the promise of the cell is collected. */
  const collectGarbage = () => {
    const [v8, vm] = ["node:v8", "node:vm"].map((name) => process.getBuiltinModule(name));
    v8.setFlagsFromString("--expose-gc"); // in new contexts
    vm.runInNewContext("gc")();
    v8.setFlagsFromString("--no-expose-gc");
  };
  /** Asks the SIGINT listeners of the cell to end it. Without any, or by force, makes the awaits throw that it began. */
  const stop = ({ id, force, since, collect }) => {
    // A listener that an earlier cell has added does not end this one.
    const asked = force ? [] : [...listeners].flatMap(([listener, added]) => added >= since ? [listener] : []);
    const stopped = asked.length > 0 ? [] : [...waits].flatMap(([reject, began]) => began >= since ? [reject] : []);
    tell({ id, asked: asked.length, stopped: stopped.length });
    for (const listener of asked) queueMicrotask(listener);
    const reason = Object.assign(new Error("The cell was stopped while it waited"), { name: "Stopped" });
    reason.stack = `Stopped: ${reason.message}`;
    stops.add(reason);
    if (force) refusal = reason;
    for (const reject of stopped) {
      waits.delete(reject);
      reject(reason);
    }
    if (collect) setTimeout(collectGarbage);
  };
  // If V8 ends a callback of a timer, Deno runs no timer any more: let callbacks run after the timers instead of among them.
  for (const name of ["setTimeout", "setInterval", "setImmediate"]) {
    const apply = (set, self, [callback, ...rest]) => {
      const later = function (...args) {
        queueMicrotask(() => callback.apply(this, args));
      };
      return Reflect.apply(set, self, [typeof callback === "function" ? later : callback, ...rest]);
    };
    globalThis[name] = new Proxy(globalThis[name], { apply });
  }
  // A timer that reads a file survives what a promise does not: when V8 ends a loop, it forgets which promises were to continue.
  const wished = () => JSON.parse(readTextFileSync(wishFile) || "{}");
  const watch = () => {
    const wish = wished();
    if (wish.id > state.id) stop(wish);
  };
  let timer;
  const arm = () => {
    refusal = undefined;
    state.id = wished().id ?? state.id; // what was wished of a cell that has ended would stop the next one
    clearInterval(timer);
    timer = setInterval(watch, 150);
    unrefTimer(timer);
  };
  arm();
  const hidden = (name, value) => Object.defineProperty(globalThis, name, { value });
  hidden("$stoppable", stoppable);
  hidden("$stoppableEach", stoppableEach);
  hidden("$watchForStop", arm);
  tell({});

  const unhandled = new Map();
  const report = (event) => {
    if (unhandled.delete(event.promise) && !stops.has(event.reason)) printError("Uncaught (in promise)", event.reason);
  };
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    unhandled.set(event.promise, setTimeout(report, 300, event)); // the cell may handle the rejection a little later
  });
  addEventListener("rejectionhandled", (event) => {
    clearTimeout(unhandled.get(event.promise));
    unhandled.delete(event.promise);
  });
  addEventListener("error", (event) => {
    event.preventDefault();
    printError("Uncaught", event.error ?? event.message);
  });

  const isProblem = /^\W*(\w*error|\w*exception|warn|warning|uncaught|cannot|could not|fail|failed|failure|deprecated)\b/im;
  const hasText = (value) => typeof value === "string" || value instanceof Error;
  console.error = (...values) => {
    const caller = new Error().stack.split("\n")[2] ?? "";
    const isModule = /\b(file|https?|npm|jsr|node):/.test(caller);
    const print = isModule && !isProblem.test(values.filter(hasText).join(" ")) ? printInfo : printError;
    print.call(console, ...values);
  };
});
