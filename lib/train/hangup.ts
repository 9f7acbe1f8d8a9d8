/** Detects whether this process was started with SIGHUP ignored. A process receives SIGHUP when its terminal closes. `nohup` and
 * `trap '' HUP` make a program ignore this signal, so that the program keeps running after its terminal closes.
 *
 * About half a second after its start, Deno replaces the inherited signal setting with its own handler, and then even a program
 * under nohup ends when the terminal closes. This module therefore reads the signal setting when it is loaded, and should be
 * loaded early. To keep running after SIGHUP, a program must also listen for this signal.
 *
 * Programs that `deno task` starts do not inherit the signal setting. Under `deno task`, nohup is detected from the environment
 * variable `_`, which shells such as bash and zsh set to the path of the program that they start.
 * @module */
import { basename } from "node:path";

/** Special values of a signal handler: SIG_DFL and SIG_IGN. */
const [DEFAULT, IGNORED] = [0n, 1n];

/** Whether SIGHUP was ignored when this process started. The signal setting cannot be read without the permission
 * `--allow-ffi`, or once half a second has passed since the process started. If the signal setting cannot be read, the value
 * is true when none of stdin, stdout and stderr is a terminal, as under nohup. */
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
