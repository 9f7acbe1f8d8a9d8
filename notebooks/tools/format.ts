/** Formatting notebooks: their code and their prose, as `deno fmt` does.
 *
 * `deno fmt --check` itself (2.9.6) says of every notebook that it is not formatted, also right after it formatted it, unless its cache
 * remembers the file. So deno.json excludes notebooks, and what is to be compared is formatted here.
 * @module */
import { ROOT } from "../../lib/cli/root.ts";

/** A notebook's file, formatted.
 * @param text of the file.
 * @throws {Error} if its code cannot be read. */
export async function formatNotebook(text: string): Promise<string> {
  const args = ["fmt", "--ext", "ipynb", "-"];
  const child = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
  const writing = new Blob([text]).stream().pipeTo(child.stdin);
  const { success, stdout, stderr } = await child.output();
  await writing.catch(() => {}); // it may end before it has read all, and then says why
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot format the notebook: ${decoder.decode(stderr).trim()}; mend its code`);
  return decoder.decode(stdout);
}
