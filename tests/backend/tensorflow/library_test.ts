import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { findTensorflow } from "../../../lib/backend/tensorflow/library.ts";

/** Runs a function with these environment variables and no others of Forger's. */
function withEnvironment<T>(variables: Record<string, string>, run: () => T): T {
  const names = ["FORGER_TENSORFLOW", "VIRTUAL_ENV"];
  const before = names.map((name) => [name, Deno.env.get(name)] as const);
  for (const name of names) Deno.env.delete(name);
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  try {
    return run();
  } finally {
    for (const [name, value] of before) value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  }
}

function folderWith(files: string[], inside = ""): string {
  const folder = Deno.makeTempDirSync();
  Deno.mkdirSync(`${folder}/${inside}`, { recursive: true });
  for (const file of files) Deno.writeTextFileSync(`${folder}/${inside}/${file}`, "");
  return folder;
}

const LINUX = Deno.build.os === "linux";
const WHEEL = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];

Deno.test({
  name: "findTensorflow() searches FORGER_TENSORFLOW first, for the file names of the wheel and of the archive",
  ignore: !LINUX,
  fn: () => {
    const wheel = folderWith(WHEEL);
    withEnvironment({ FORGER_TENSORFLOW: wheel }, () =>
      assertEquals(findTensorflow(), {
        library: `${wheel}/libtensorflow_cc.so.2`,
        framework: `${wheel}/libtensorflow_framework.so.2`,
      }));
    const archive = folderWith(["libtensorflow.so.2", "libtensorflow_framework.so.2"]);
    withEnvironment(
      { FORGER_TENSORFLOW: archive },
      () => assertEquals(findTensorflow().library, `${archive}/libtensorflow.so.2`),
    );
    for (const folder of [wheel, archive]) Deno.removeSync(folder, { recursive: true });
  },
});

Deno.test("findTensorflow() does not search elsewhere if FORGER_TENSORFLOW is wrong", () => {
  const half = folderWith([WHEEL[0]!]);
  withEnvironment({ FORGER_TENSORFLOW: half }, () => {
    const error = assertThrows(findTensorflow, Error);
    assertStringIncludes(error.message, `FORGER_TENSORFLOW is ${half}`);
    assertStringIncludes(error.message, "unset it");
  });
  Deno.removeSync(half, { recursive: true });
});
