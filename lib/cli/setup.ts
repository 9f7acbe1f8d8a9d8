/** `deno task setup`: installs everything that the other tasks need. Running setup again installs only what is missing.
 *
 * 1. Setup downloads the npm packages to Deno's cache.
 * 2. Setup installs TensorFlow's wheel into `.venv`. The wheel contains the C library that the backend "tensorflow" uses.
 * 3. Setup installs JupyterLab, the packages that execute notebooks, and the Deno kernel into `.venv`.
 *
 * If TensorFlow and JupyterLab cannot be installed, everything except the notebooks still works, using WebAssembly. In this
 * case, setup prints the reason and exits with status 0.
 * @module */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { oneLine } from "../data/errors.ts";
import type { Command } from "./command.ts";
import { isCommand } from "./entry.ts";
import { runCommand } from "./main.ts";
import { ROOT, run } from "./process.ts";
import { type PythonSetup, setUpPython } from "./setup/setup_python.ts";
import { type Progress, statusLine } from "./status_line.ts";

const command: Command<Record<never, never>> = {
  name: "setup",
  about:
    "Installs what Forger needs: npm packages into Deno's cache; TensorFlow's wheel (for its C library), JupyterLab and the " +
    "Deno kernel into the project's .venv folder. Outside a clone of the project, installs only TensorFlow, into the user's " +
    "cache folder. If the project's folder is read-only, creates .venv in the cache folder. Needs up to 3 GB of disk space. " +
    "If everything is already installed, setup exits at once without changing anything. If setup is interrupted, running it " +
    "again repairs the installation. To start over, delete .venv. Most other tasks run setup first.",
  options: {},
  examples: [{ line: "setup", does: "install what is missing" }],
};

/** Sets up the project.
 * @returns The exit status: 1 if the npm packages are missing, since nothing runs without them; otherwise 0. */
async function setUp(root: string, progress: Progress): Promise<number> {
  const started = performance.now();
  const isClone = root !== "" && existsSync(join(root, "deno.lock")); // rather than a package, which has no notebooks
  // npm mostly waits for the network, and pip for the disk: in parallel, they take little longer than the slower one alone.
  const [npm, python] = await Promise.all([
    isClone ? fetchNpmPackages(root, progress) : undefined, // Deno downloads those of a package when it first runs
    setUpPython(root, progress, isClone).catch((error): PythonSetup => {
      return { changed: false, problems: [`Cannot set up .venv: ${oneLine(error)}`], summary: "as it was" };
    }),
  ]);
  for (const problem of [...python.problems, ...(npm ? [npm] : [])]) progress.print(`Setup: ${problem}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  progress.print(`Setup: ${python.changed ? `done in ${seconds} s` : "nothing more to do"} (${python.summary})`);
  return npm ? 1 : 0;
}

/** Downloads the npm packages listed in deno.lock that are not in Deno's cache. If all packages are cached, the function takes
 * about 20 ms.
 * @param root The folder that contains deno.json.
 * @returns An error message if the download fails. */
async function fetchNpmPackages(root: string, progress: Progress): Promise<string | undefined> {
  const started = performance.now();
  let packages = 0;
  // Deno logs requests for packages, not their arrival, and requests all packages at once, so the count does not show progress.
  const tick = () => {
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    if (packages > 0) progress.update("npm", "Downloading npm packages", `(${packages}, ${seconds} s)`);
  };
  const timer = setInterval(tick, 1000);
  const onLine = (line: string) => void (packages += Number(line.includes("Download") && line.endsWith(".tgz")));
  const ended = await run(Deno.execPath(), ["install"], { folder: root, onLine, env: { NO_COLOR: "1" } });
  clearInterval(timer);
  progress.finish("npm");
  if (ended?.success) return undefined;
  const reason = ended?.lines.find((line) => /^error/i.test(line.trim())) ?? ended?.lines.at(-1) ??
    "deno install cannot be started";
  return `Cannot download the npm packages: ${reason.trim().slice(0, 200)}; connect to a network and run "deno task setup"`;
}

if (isCommand(import.meta)) await runCommand(command, () => setUp(ROOT, statusLine()));
