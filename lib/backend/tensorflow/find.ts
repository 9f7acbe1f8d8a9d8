/** Where TensorFlow's C library is on this machine.
 * @module */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tfjsNode } from "../../packages.ts";

/** The two files of the library: the one to open, and the framework that it needs beside it. */
export interface LibraryFiles {
  library: string;
  framework: string;
}

/** A place that was looked at, and what was there. */
interface Place {
  what: string;
  folder: string | undefined;
}

/** The names by platform. The wheel calls the library "cc"; the archive that tfjs-node downloads has no suffix. */
const NAMES: Partial<Record<typeof Deno.build.os, { library: string[]; framework: string }>> = {
  linux: { library: ["libtensorflow_cc.so.2", "libtensorflow.so.2"], framework: "libtensorflow_framework.so.2" },
  darwin: { library: ["libtensorflow_cc.2.dylib", "libtensorflow.2.dylib"], framework: "libtensorflow_framework.2.dylib" },
};

/** The library in a folder, if both files are there. */
function filesIn(folder: string): LibraryFiles | undefined {
  const names = NAMES[Deno.build.os];
  const framework = join(folder, names?.framework ?? "");
  for (const name of names?.library ?? []) {
    const library = join(folder, name);
    if (isFile(library) && isFile(framework)) return { library, framework };
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** The folder of the wheel's libraries in a virtual environment: `lib/python3.x/site-packages/tensorflow`. */
function wheelIn(environment: string | undefined): string | undefined {
  if (!environment) return undefined;
  try {
    for (const { name } of Deno.readDirSync(join(environment, "lib"))) {
      if (name.startsWith("python3")) return join(environment, "lib", name, "site-packages", "tensorflow");
    }
  } catch { /* no such environment: the next place is looked at */ }
}

/** What tfjs-node's own installer downloads, when somebody has run it: `deps/lib` beside its `dist`. */
function addOnFolder(): string | undefined {
  try {
    const kernels = tfjsNode.url();
    if (kernels.startsWith("file:")) return join(dirname(dirname(fileURLToPath(kernels))), "deps", "lib");
  } catch { /* not in a local folder */ }
}

/** The project's root, when Forger is run from its files rather than from a registry. */
function projectFolder(): string | undefined {
  return import.meta.url.startsWith("file:") ? fileURLToPath(new URL("../../..", import.meta.url)) : undefined;
}

/** Finds the C library: `FORGER_TENSORFLOW` (a folder), the project's `.venv`, the active virtual environment, tfjs-node's own
 * `deps/lib`, in this order.
 * @throws {Error} if it is nowhere, naming the places and the cure. */
export function findTensorflow(): LibraryFiles {
  const asked = Deno.env.get("FORGER_TENSORFLOW");
  const root = projectFolder();
  const places: Place[] = asked ? [{ what: "FORGER_TENSORFLOW", folder: asked }] : [
    { what: ".venv of the project", folder: wheelIn(root && join(root, ".venv")) },
    { what: "the active virtual environment", folder: wheelIn(Deno.env.get("VIRTUAL_ENV")) },
    { what: "tfjs-node's deps/lib", folder: addOnFolder() },
  ];
  for (const { folder } of places) {
    const files = folder && filesIn(folder);
    if (files) return files;
  }
  if (asked) {
    throw new Error(
      `Cannot load TensorFlow: FORGER_TENSORFLOW is ${asked}, and it has no ${NAMES[Deno.build.os]?.library[0] ?? "library"}; ` +
        `set it to the folder "tensorflow" of the wheel, or unset it`,
    );
  }
  throw new Error(
    `Cannot load TensorFlow: its C library is not in ${places.map((place) => place.what).join(", ")}; run "deno task setup"`,
  );
}
