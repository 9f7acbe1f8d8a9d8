/** The option --backend of several commands.
 * @module */
import { type BackendName, BACKENDS } from "../backend/use_backend.ts";
import { choice, type Field } from "../settings.ts";

/** Names the backend. */
export const backendOption: Field<BackendName | undefined> = choice(undefined, BACKENDS, {
  help:
    "Backend to compute on. Default: the one named by the environment variable FORGER_BACKEND, or else the fastest available " +
    "on this machine.",
});
