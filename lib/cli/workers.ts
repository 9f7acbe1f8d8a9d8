/** The option --workers: starts additional processes of the same command on this machine, to try out a cluster.
 * @module */
import { activeCluster } from "../backend/tensorflow/active_cluster.ts";
import { EXIT_STATUS } from "../train/stop.ts";
import { UsageError } from "./command.ts";
import { ROOT } from "./process.ts";

/** Folder from which the command was called, before `deno task train --resume` replaces it with that of the original call. */
const CALLED_FROM = Deno.env.get("INIT_CWD") ?? Deno.cwd();

/** Environment variable with the process that has started this one. */
const STARTED_BY = "FORGER_STARTED_BY";

/** Ends this process if the one that has started it ends, even if it was killed before the workers had met. */
export function endWithStarter(): void {
  const starter = Deno.env.get(STARTED_BY);
  if (starter) setInterval(() => `${Deno.ppid}` === starter || Deno.exit(1), 1000);
}

/** Processes that this one has started. */
export interface Started {
  /** Waits until the processes have ended, or terminates them if this process has failed. */
  end(failed: boolean): Promise<void>;
}

function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  listeners.forEach((listener) => listener.close());
  return ports;
}

/** Makes this process worker 0 of a new cluster on this machine, and starts the other workers with the same arguments.
 * @param count Number of workers.
 * @throws {UsageError} If a process cannot be started. */
export function startWorkers(count: number): Started {
  const worker = freePorts(count).map((port) => `127.0.0.1:${port}`);
  const configOf = (index: number) => JSON.stringify({ cluster: { worker }, task: { type: "worker", index } });
  Deno.env.set("TF_CONFIG", configOf(0));
  const children: ReturnType<typeof follow>[] = [];
  const kill = () => children.forEach((child) => child.kill());
  globalThis.addEventListener("unload", kill); // also after a second Ctrl-C
  const args = ["run", "--no-prompt", ...permissions(), Deno.mainModule, ...Deno.args];
  for (let i = 1; i < count; i++) {
    const env = { TF_CONFIG: configOf(i), INIT_CWD: CALLED_FROM, [STARTED_BY]: `${Deno.pid}` };
    try {
      const pipes = { stdin: "null", stdout: "null", stderr: "piped" } as const;
      // Detached, since Ctrl-C must stop this process alone, which then stops all others in the same step.
      const command = new Deno.Command(Deno.execPath(), { args, env, ...pipes, detached: true });
      children.push(follow(command.spawn(), i));
    } catch (error) {
      kill();
      throw new UsageError(`Option --workers: cannot start a process (${(error as Error).message}); omit it`);
    }
  }
  return {
    async end(failed) {
      if (failed || !activeCluster()?.hasBegun) kill(); // they would wait for this process
      await Promise.all(children.map(({ ended }) => ended));
    },
  };
}

/** Permissions of the other workers: those of the task `train`, with access to any host, not only those of data sets. */
function permissions(): string[] {
  const config = ROOT ? [`--config=${ROOT}deno.json`] : [];
  return [...config, "--allow-read", "--allow-write", "--allow-env", "--allow-ffi", "--allow-net"];
}

/** Reports the last line of a process that fails. */
function follow(child: Deno.ChildProcess, index: number): { ended: Promise<void>; kill(): void } {
  let isKilled = false;
  const ended = child.output().then(({ code, stderr }) => {
    if (code === 0 || isKilled) return;
    const cluster = activeCluster();
    if (cluster?.hasBegun && Object.values<number>(EXIT_STATUS).includes(code)) return; // all workers stop
    const line = new TextDecoder().decode(stderr).trimEnd().split("\n").at(-1);
    console.error(`Worker ${index} ended with status ${code}: ${line}`);
    if (cluster) cluster.problem = `worker ${index} ended before the run began`;
    else Deno.exit(1); // before the training run has begun
  });
  return {
    ended,
    kill() {
      isKilled = true;
      try {
        child.kill("SIGKILL"); // it writes nothing that could be damaged
      } catch { /* it has ended */ }
    },
  };
}
