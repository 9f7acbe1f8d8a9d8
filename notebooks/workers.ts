/** Processes on this machine that train together, for chapter 13. Where the system allows it, they have a private network, since
 * TensorFlow's server would otherwise be reachable by other machines.
 * @module */
import { fileURLToPath } from "node:url";

const CONFIG = fileURLToPath(new URL("../deno.json", import.meta.url));

/** Starts the workers, which read the program from a file and print to files. Arguments: folder, deno, deno.json, workers. */
const START = `
i=0
while [ $i -lt $4 ]; do
  export TF_CONFIG="$(cat "$1/$i.json")"
  "$2" run --allow-all --no-prompt --config "$3" - < "$1/program.ts" > "$1/$i.out" 2> "$1/$i.err" &
  workers="$workers $!"
  i=$((i + 1))
done
for worker in $workers; do wait $worker || status=$?; done
exit $status
`;
const PRIVATE = ["unshare", "-rn", "sh", "-c", `ip link set lo up;${START}`];
const SHARED = ["sh", "-c", START];

function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map(({ addr }) => (addr as Deno.NetAddr).port);
  listeners.forEach((listener) => listener.close());
  return ports;
}

/** Returns whether this system allows a private network. */
async function isAllowed(): Promise<boolean> {
  const test = new Deno.Command("unshare", { args: ["-rn", "ip", "link", "set", "lo", "up"], stderr: "null" });
  return await test.output().then(({ success }) => success, () => false);
}

/** Runs a program in several processes, each of which is a worker of a cluster; a single process trains alone.
 * @param program Source code of the program, which may import `@forger/gan`.
 * @returns What each process has printed.
 * @throws {Error} If a process fails. */
export async function runWorkers(program: string, count: number): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    const worker = freePorts(count).map((port) => `127.0.0.1:${port}`);
    await Deno.writeTextFile(`${folder}/program.ts`, program);
    for (let index = 0; index < count; index++) {
      await Deno.writeTextFile(
        `${folder}/${index}.json`,
        JSON.stringify({ cluster: { worker }, task: { type: "worker", index } }),
      );
    }
    const [name, ...args] = await isAllowed() ? PRIVATE : SHARED;
    const all = [...args, "sh", folder, Deno.execPath(), CONFIG, String(count)];
    const { success } = await new Deno.Command(name!, { args: all }).output();
    const printed = (kind: string) =>
      Promise.all(worker.map(async (_, index) => (await Deno.readTextFile(`${folder}/${index}.${kind}`)).trim()));
    if (success) return await printed("out");
    throw new Error(`Cannot train together: a worker failed: ${(await printed("err")).join("\n")}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
