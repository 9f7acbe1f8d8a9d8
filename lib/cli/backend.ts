/** The option --backend, which several tasks have.
 * @module */
import { type BackendName, BACKENDS } from "../backend/use_backend.ts";
import { choice, type Option } from "./options.ts";

/** Names the backend; without it FORGER_BACKEND does, else the fastest that works is taken. */
export const backendOption: Option<BackendName | undefined> = choice(BACKENDS, {
  default: undefined,
  help: "What computes. Without it the environment variable FORGER_BACKEND decides, else it is the fastest that works here.",
});
