/** @module */
import { fileURLToPath } from "node:url";

/** The project's root: the folder of deno.json. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));
