/** Execution of tasks on a real terminal, which can be closed.
 * @module */
import { surroundings, words } from "./_task.ts";

/** Starts a command on a new terminal, closes the terminal as soon as a file has a number of lines, and prints the exit status
 * and what the terminal showed. In the mode "background", the command runs in the background of the terminal, as a shell does
 * after disown. */
const DRIVER = `
import fcntl, json, os, pty, signal, struct, sys, termios, time
mode, columns, file, lines, pidfile, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 0 if columns == "0" else 24, int(columns), 0, 0))
    if mode == "ignored": signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if mode == "background":
        if os.fork() != 0:
            while True: time.sleep(60)
        os.setpgid(0, 0)
    open(pidfile, "w").write(str(os.getpid()))
    os.execvp(command[0], command)
os.set_blocking(terminal, False)
shown = b""
def read():
    global shown
    try:
        while True:
            part = os.read(terminal, 65536)
            if not part: return False
            shown += part
    except BlockingIOError: return True
    except OSError: return False
def there():
    try: return len(open(file).readlines()) >= int(lines)
    except OSError: return False
started = time.time()
while read() and not (file and there()) and time.time() - started < 120: time.sleep(.01)
os.close(terminal)
_, status = os.waitpid(pid, 0)
code = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
print(json.dumps({"status": code, "shown": shown.decode(errors="replace")}))
`;

/** Result of a task on a terminal. In the background, the status is that of the shell. */
export interface Shown {
  status: number;
  /** What was written to the terminal. */
  shown: string;
  /** Process of the task. */
  pid: number;
}

/** Options of {@linkcode onTerminal}. */
export interface TerminalOptions {
  /** "ignored": the task is told to ignore SIGHUP. "background": it runs in the background. Default: in the foreground. */
  mode?: "ignored" | "background";
  /** Number of columns that the terminal reports. */
  columns?: number;
  /** File and the number of its lines at which the terminal is closed. Default: when the task has ended. */
  close?: { file: string; lines: number };
}

/** Whether there is a program that can create terminals. */
export const hasTerminals: boolean = Deno.build.os !== "windows" &&
  await new Deno.Command("python3", { args: ["-c", "import pty"] }).output().then(({ success }) => success, () => false);

/** Runs a task on a new terminal. */
export async function onTerminal(name: string, args: string[], options: TerminalOptions = {}): Promise<Shown> {
  const { mode = "foreground", columns = 80, close = { file: "", lines: 0 } } = options;
  const pidFile = await Deno.makeTempFile();
  const command = [Deno.execPath(), ...await words(name, args)];
  const { stdout, stderr } = await new Deno.Command("python3", {
    args: ["-c", DRIVER, mode, `${columns}`, close.file, `${close.lines}`, pidFile, ...command],
    ...surroundings({ FORGER_BACKEND: "cpu" }),
  }).output();
  const pid = Number(await Deno.readTextFile(pidFile));
  await Deno.remove(pidFile);
  const text = new TextDecoder().decode(stdout);
  if (!text) throw new Error(new TextDecoder().decode(stderr));
  return { ...JSON.parse(text), pid };
}
