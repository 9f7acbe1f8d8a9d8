import { assert, assertEquals, assertRejects } from "@std/assert";
import { lab, labArguments } from "../../../notebooks/tools/lab.ts";
import { withFolder } from "../../cli/_task.ts";

Deno.test("labArguments() restricts JupyterLab to this machine and opens the notebooks", () => {
  const args = labArguments({ port: 9000, ip: "127.0.0.1", noBrowser: true }, "/project");
  for (const arg of ["--ServerApp.ip=127.0.0.1", "--ServerApp.port=9000", "--ServerApp.root_dir=/project", "--no-browser"]) {
    assert(args.includes(arg), arg);
  }
  assert(args.some((arg) => arg.endsWith("/lab/tree/notebooks")));
  assert(labArguments({ port: 9000, ip: "0.0.0.0", noBrowser: true }, "/project").includes("--ServerApp.ip=0.0.0.0"));
  assertEquals(labArguments({ port: 9000, ip: "0.0.0.0", noBrowser: false }, "/project").includes("--no-browser"), false);
});

Deno.test("lab() without JupyterLab names the remedy", () =>
  withFolder(async (folder) => {
    await assertRejects(() => lab({ port: 9000, ip: "127.0.0.1", noBrowser: true }, folder), Error, 'run "deno task setup"');
  }));
