/** Finds TensorFlow's C library, and loads it through Deno's FFI.
 * @module */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { tfjsNode } from "../../packages.ts";
import { cacheFolder, expandHome } from "../../user_folders.ts";
import { checkLibrary, type LibraryFiles } from "./check.ts";
import { pinLibraries, textAt } from "./libc.ts";
import { type Symbols, symbols } from "./symbols.ts";

/** The loaded library, with one status object that all calls share. */
export class Library {
  readonly c: Symbols;
  /** Path of the loaded file. */
  readonly file: string;
  readonly version: string;
  readonly status: Deno.PointerValue;

  /** Finds, checks and loads the library.
   * @throws {Error} If the library is missing or cannot be loaded. */
  constructor() {
    const files = findTensorflow();
    checkLibrary(files);
    this.file = files.library;
    try {
      pinLibraries([files.framework, files.library]);
      this.c = Deno.dlopen(files.library, symbols).symbols;
    } catch (error) {
      throw new Error(`Cannot load TensorFlow from ${files.library}: ${(error as Error).message}; run deno task setup again`);
    }
    this.version = textAt(this.c.TF_Version());
    this.status = this.c.TF_NewStatus();
  }

  /** Throws if the last call set the shared status to an error.
   * @param action Text with which the error message begins, such as "Cannot run Conv2D". */
  check(action: string): void {
    if (this.c.TF_GetCode(this.status) !== 0) throw new Error(`${action}: ${textAt(this.c.TF_Message(this.status))}`);
  }
}

/** File names by platform. The library in the Python wheel has the suffix "_cc"; the library that tfjs-node downloads does
 * not. */
const NAMES: Partial<Record<typeof Deno.build.os, { library: string[]; framework: string }>> = {
  linux: { library: ["libtensorflow_cc.so.2", "libtensorflow.so.2"], framework: "libtensorflow_framework.so.2" },
  darwin: { library: ["libtensorflow_cc.2.dylib", "libtensorflow.2.dylib"], framework: "libtensorflow_framework.2.dylib" },
};

/** Returns the library's files if the folder contains both. */
function filesIn(folder: string): LibraryFiles | undefined {
  const names = NAMES[Deno.build.os];
  const framework = join(folder, names?.framework ?? "");
  const library = names?.library.map((name) => join(folder, name)).find(isFile);
  return library && isFile(framework) ? { library, framework } : undefined;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Returns the folder with the wheel's libraries in a virtual environment: `lib/python3.x/site-packages/tensorflow`. */
function wheelIn(environment: string | undefined): string | undefined {
  if (!environment) return undefined;
  try {
    for (const { name } of Deno.readDirSync(join(environment, "lib"))) {
      if (name.startsWith("python3")) return join(environment, "lib", name, "site-packages", "tensorflow");
    }
  } catch { /* the environment does not exist */ }
  return undefined;
}

/** Returns the folder into which tfjs-node's installer downloads the library: `deps/lib`, next to tfjs-node's `dist`. */
function addOnFolder(): string | undefined {
  try {
    const kernels = tfjsNode.url();
    if (kernels.startsWith("file:")) return join(dirname(dirname(fileURLToPath(kernels))), "deps", "lib");
  } catch { /* not in a local folder */ }
  return undefined;
}

function environmentInCache(): string | undefined {
  try {
    return join(cacheFolder(), ".venv");
  } catch {
    return undefined; // no home folder
  }
}

/** Finds the C library in the folder named by the environment variable `FORGER_TENSORFLOW`. If the variable is unset, the
 * following folders are searched in this order: the project's `.venv`, the user's cache folder, the active virtual environment,
 * and tfjs-node's `deps/lib`. Outside a clone of the project, `deno task setup` installs the library in the cache folder.
 * @throws {Error} With the names of the searched folders, if none of them contains the library. */
export function findTensorflow(): LibraryFiles {
  const requested = expandHome(Deno.env.get("FORGER_TENSORFLOW") ?? "");
  const isLocal = import.meta.url.startsWith("file:"); // rather than from a registry
  const places: Record<string, string | undefined> = requested ? { FORGER_TENSORFLOW: requested } : {
    "the project's .venv": isLocal ? wheelIn(fileURLToPath(new URL("../../../.venv", import.meta.url))) : undefined,
    "the user's cache folder": wheelIn(environmentInCache()),
    "the active virtual environment": wheelIn(Deno.env.get("VIRTUAL_ENV")),
    "tfjs-node's deps/lib": addOnFolder(),
  };
  for (const folder of Object.values(places)) {
    const files = folder && filesIn(folder);
    if (files) return files;
  }
  const cure = 'set it to the "tensorflow" folder of the Python package, or unset it';
  const problem = `FORGER_TENSORFLOW is ${requested}, which does not contain the C library; ${cure}`;
  const searched = `its C library was not found in ${Object.keys(places).join(", ")}; run "deno task setup"`;
  throw new Error(`Cannot load TensorFlow: ${requested ? problem : searched}`);
}
