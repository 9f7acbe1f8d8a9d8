import { assertEquals, assertStringIncludes } from "@std/assert";
import { pipFailure, stageOf } from "../../../lib/cli/setup/pip.ts";

Deno.test("stageOf() recognizes the stages in pip's output", () => {
  const wheel = "tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl";
  assertEquals(stageOf(`  Downloading ${wheel} (273.6 MB)`), "Downloading tensorflow_cpu (273.6 MB)");
  assertEquals(stageOf(`Downloading https://example.org/a/b/${wheel} (273.6 MB)`), "Downloading tensorflow_cpu (273.6 MB)");
  assertEquals(stageOf(`Using cached ${wheel} (273.6 MB)`), "Reading tensorflow_cpu (273.6 MB) from pip's cache");
  assertEquals(stageOf("  Downloading six-1.17.0-py2.py3-none-any.whl (11 kB)"), undefined);
  assertEquals(stageOf("Collecting jupyterlab==4.6.6"), "Resolving dependencies");
  assertEquals(stageOf("Installing collected packages: tensorflow-cpu"), "Unpacking tensorflow-cpu");
  assertEquals(stageOf("Installing collected packages: a, b, c"), "Installing 3 packages");
  assertEquals(stageOf("Successfully installed a-1 b-2 c-3"), undefined);
});

Deno.test("pipFailure() names the cause and the remedy", () => {
  const none = "ERROR: No matching distribution found for tensorflow-cpu==2.21.0";
  const retry =
    "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError(...)': /simple/tensorflow-cpu/";
  // Without a network pip's last line is also "No matching distribution"; the earlier lines decide.
  assertStringIncludes(pipFailure([retry, none]), "the network is unavailable");
  assertStringIncludes(pipFailure([none]), "no wheel for this version of Python");
  assertStringIncludes(
    pipFailure(["ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"]),
    "disk is full",
  );
  assertStringIncludes(pipFailure(["/x/.venv/bin/python: No module named pip"]), "delete the folder .venv");
  assertStringIncludes(pipFailure(["Collecting a", "ERROR: strange", ""]), "(ERROR: strange)");
  assertStringIncludes(pipFailure([]), "no output");
});
