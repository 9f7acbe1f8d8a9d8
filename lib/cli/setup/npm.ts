/** The npm packages of deno.json, fetched into Deno's cache, so that what comes later needs no network.
 * @module */
import { run } from "../process.ts";

/** Fetches what is not in the cache yet. With everything there it takes some 20 ms, so that it is done at every setup.
 * @param root folder of deno.json.
 * @param onProgress told of the work about once a second, if there is any.
 * @returns why it could not, for a person; nothing if it could. */
export async function fetchNpmPackages(
  root: string,
  onProgress: (stage: string, detail: string) => void,
): Promise<string | undefined> {
  const started = performance.now();
  let packages = 0;
  // Deno says when it asks for a package, and not when it has it: all are asked for at once, so their number is no measure.
  const tick = () => {
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    if (packages > 0) onProgress("Downloading npm packages", `(${packages}, ${seconds} s)`);
  };
  const timer = setInterval(tick, 1000);
  const onLine = (line: string) => void (packages += Number(line.includes("Download") && line.endsWith(".tgz")));
  const ended = await run(Deno.execPath(), ["install"], { folder: root, onLine, env: { NO_COLOR: "1" } }).finally(() =>
    clearInterval(timer)
  );
  if (ended?.success) return undefined;
  const reason = ended?.lines.find((line) => /^error/i.test(line.trim())) ?? ended?.lines.at(-1) ?? "deno install does not start";
  return `Cannot fetch the npm packages: ${reason.trim().slice(0, 200)}; connect to a network and run "deno task setup"`;
}
