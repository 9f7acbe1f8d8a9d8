/** The Dockerfile and the settings of editors, as far as they can be checked without Docker and without VS Code.
 * @module */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { ROOT } from "../../lib/cli/process.ts";
import { labArguments } from "../../notebooks/tools/lab.ts";

/** Reads JSON with comments. */
async function jsonc(path: string) {
  const text = await Deno.readTextFile(join(ROOT, path));
  return JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, ""));
}

const dockerfile = await Deno.readTextFile(join(ROOT, "Dockerfile"));
const { tasks } = await jsonc("deno.json");

Deno.test("the commands in the Dockerfile and in devcontainer.json are tasks, with options that they have", async () => {
  const container = await jsonc(".devcontainer/devcontainer.json");
  const command = JSON.parse(dockerfile.match(/^CMD (.*)$/m)![1]!).join(" ");
  for (const line of [command, "deno task setup", container.postCreateCommand, container.postAttachCommand]) {
    assert(line.split(" ")[2]! in tasks, line);
  }
  assertStringIncludes(dockerfile, "RUN deno task setup");
  assertEquals(command, "deno task lab --no-browser --ip 0.0.0.0");
  assert(labArguments({ port: 8888, ip: "0.0.0.0", noBrowser: true }, ROOT).includes("--ServerApp.ip=0.0.0.0"));
});

Deno.test("devcontainer.json names a stage and files that exist, and the port of deno task lab", async () => {
  const { build, forwardPorts } = await jsonc(".devcontainer/devcontainer.json");
  await Deno.stat(join(ROOT, ".devcontainer", build.dockerfile));
  assertStringIncludes(dockerfile, ` AS ${build.target}\n`);
  assertEquals(forwardPorts, [8888]);
});

Deno.test("the container has the Deno that the README asks for, and a Python that setup accepts", () => {
  assert(/denoland\/deno:bin-2\.(9|\d\d)\.\d+ AS deno/.test(dockerfile));
  assert(/python:3\.1[0-3]-slim/.test(dockerfile));
});

Deno.test("what git does not keep is not copied into the container", async () => {
  const ignored = (await Deno.readTextFile(join(ROOT, ".dockerignore"))).split("\n");
  for (const name of [".venv", "runs", "node_modules", "site", ".git"]) assert(ignored.includes(name), name);
});

Deno.test("VS Code formats with Deno, and finds the kernel in .venv", async () => {
  const settings = await jsonc(".vscode/settings.json");
  assertEquals([settings["deno.enable"], settings["python.defaultInterpreterPath"]], [true, "${workspaceFolder}/.venv"]);
  const { recommendations } = await jsonc(".vscode/extensions.json");
  const { customizations } = await jsonc(".devcontainer/devcontainer.json");
  assertEquals(customizations.vscode.extensions, recommendations);
});
