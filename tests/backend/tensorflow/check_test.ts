import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { join } from "node:path";
import { checkLibrary, headerProblem } from "../../../lib/backend/tensorflow/check.ts";
import { withFolder } from "../../cli/_task.ts";
import { run } from "../_process.ts";
import { elf, writeLibrary } from "./_elf.ts";

const linux = { ignore: Deno.build.os !== "linux" };
const NO_AVX = "model name\t: old\nflags\t\t: fpu sse sse2 ssse3 popcnt";
const AVX = "model name\t: new\nflags\t\t: fpu sse sse2 avx avx2";

Deno.test("headerProblem() recognizes files that this machine cannot load", linux, () =>
  withFolder(async (folder) => {
    const path = join(folder, "library.so");
    const other = Deno.build.arch === "x86_64" ? 183 : 62;
    const cases: [Uint8Array, string | undefined][] = [
      [elf("returns"), undefined],
      [new Uint8Array(), "empty"],
      [new TextEncoder().encode("version https://git-lfs.github.com/spec/v1"), "not a library"],
      [elf("returns", other), "another processor"],
      [elf("returns").subarray(0, 0x1fff), "expected 8192 bytes, got 8191"],
      [elf("returns").subarray(0, 100), "expected 8192 bytes, got 100"],
    ];
    for (const [bytes, expected] of cases) {
      await Deno.writeFile(path, bytes);
      const problem = headerProblem(path);
      if (expected === undefined) assertEquals(problem, undefined);
      else assertStringIncludes(problem ?? "", expected);
    }
  }));

Deno.test(
  "useBackend() selects another backend for a library that ends the process, and says why",
  linux,
  () =>
    withFolder(async (folder) => {
      for (const place of [join(folder, "plain"), join(folder, "it's a place: odd")]) {
        await Deno.mkdir(place);
        await writeLibrary(place, elf("illegal"));
        const env = { FORGER_TENSORFLOW: place, FORGER_CACHE: join(folder, "cache") };
        for (const time of ["first", "second"]) { // the second process reads the answer of the first
          const { stdout, stderr } = await run(["--allow-read", "--allow-write", "--allow-env", "--allow-ffi"], "", env, false);
          assert(/^(wasm|webgpu) 4$/.test(stdout), `${time}: ${stdout} ${stderr}`);
          assertStringIncludes(stderr, "SIGILL");
          assertEquals(stderr.split("\n").length, 1, stderr);
        }
        const named = await run(["-A"], "tensorflow", env);
        assertStringIncludes(named.stdout, 'Cannot use the backend "tensorflow"');
      }
      const answers: Record<string, string> = JSON.parse(await Deno.readTextFile(join(folder, "cache", "tensorflow.json")));
      assertEquals(Object.values(answers), ["SIGILL", "SIGILL"]);
    }),
);

Deno.test("useBackend() selects another backend for a library that is incomplete", linux, () =>
  withFolder(async (folder) => {
    await writeLibrary(folder, elf("returns").subarray(0, 5000));
    const { stdout, stderr } = await run(["-A"], "", { FORGER_TENSORFLOW: folder, FORGER_CACHE: folder }, false);
    assert(/^(wasm|webgpu) 4$/.test(stdout), stdout + stderr);
    assertStringIncludes(stderr, "incomplete");
  }));

Deno.test(
  "checkLibrary() loads a library elsewhere once for each library and processor",
  linux,
  () =>
    withFolder(async (folder) => {
      const files = await writeLibrary(folder, elf("returns"));
      const cache = join(folder, "deep", "answers.json");
      let loads = 0;
      const check = (cpu: string, signal = "") => checkLibrary(files, { cpu, cache, crash: () => (loads++, signal) });
      check(AVX);
      check(AVX, "SIGILL"); // not loaded again
      assertEquals(loads, 1);
      assertThrows(() => check(NO_AVX, "SIGILL"), Error, "this processor has no AVX instructions");
      assertThrows(() => check(NO_AVX), Error, "AVX");
      check(AVX);
      assertEquals(loads, 2);
      await Deno.writeFile(files.library, new Uint8Array([...elf("returns"), 0])); // another version
      assertThrows(() => check(AVX, "SIGBUS"), Error, "SIGBUS");
      assertEquals(loads, 3);
      await Deno.writeTextFile(cache, "{ damaged");
      check(AVX);
      assertEquals(loads, 4);
      assertEquals(Array.from(Deno.readDirSync(join(folder, "deep")), ({ name }) => name), ["answers.json"]);
    }),
);

Deno.test(
  "checkLibrary() without a writable cache folder loads the library elsewhere only if AVX is missing",
  linux,
  () =>
    withFolder(async (folder) => {
      const files = await writeLibrary(folder, elf("returns"));
      await Deno.writeTextFile(join(folder, "file"), "");
      let loads = 0;
      const check = (cpu: string) =>
        checkLibrary(files, { cpu, cache: join(folder, "file", "a.json"), crash: () => (loads++, "") });
      if (Deno.build.arch === "x86_64") check(NO_AVX);
      const before = loads;
      check(AVX);
      assertEquals(loads, before);
    }),
);
