/** Whether this process was told to ignore SIGHUP, the signal that programs get when their terminal closes. `nohup` and
 * `trap '' HUP` do so, and a program that they start must outlive its terminal.
 *
 * Deno replaces this setting with its own handler about half a second after its start, and even a program under nohup then
 * ends with the terminal. Therefore the setting is read when this module is loaded, which should be early, and programs must
 * listen for SIGHUP in both cases: to stop, or to carry on.
 *
 * `deno task` loses the setting in the same way before it starts the task. Then the variable `_` shows nohup: shells such as bash
 * and zsh set it to the path of the program that they start, here of nohup.
 * @module */
import { basename } from "node:path";

/** Values of a signal's handler: SIG_DFL and SIG_IGN. */
const [DEFAULT, IGNORED] = [0n, 1n];

/** Whether SIGHUP was ignored when this process started. If that cannot be found out (without the permission `--allow-ffi`, or
 * later than half a second after the start), the answer is yes if neither the input nor the outputs are a terminal, as under
 * nohup. */
export const ignoresHangups: boolean = isNohup() || (isIgnored() ?? !hasTerminal());

function isNohup(): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "_" });
  return state === "granted" && basename(Deno.env.get("_") ?? "") === "nohup";
}

function hasTerminal(): boolean {
  return [Deno.stdin, Deno.stdout, Deno.stderr].some((stream) => stream.isTerminal());
}

function isIgnored(): boolean | undefined {
  const file = { linux: "libc.so.6", darwin: "/usr/lib/libSystem.B.dylib" }[Deno.build.os as string];
  try {
    if (!file || Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return undefined;
    const parameters = ["i32", "pointer", "buffer"] as const;
    const library = Deno.dlopen(file, { sigaction: { parameters, result: "i32" } });
    const action = new BigUint64Array(32); // struct sigaction, which begins with the handler
    const failed = library.symbols.sigaction(1, null, action) !== 0;
    library.close();
    return failed || ![DEFAULT, IGNORED].includes(action[0]!) ? undefined : action[0] === IGNORED;
  } catch {
    return undefined; // another C library
  }
}
