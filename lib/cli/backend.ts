/** The option --backend, which several commands share.
 * @module */
import { type BackendName, BACKENDS } from "../backend/use_backend.ts";
import { choice, type Field } from "../settings.ts";

export const backendOption: Field<BackendName | undefined> = choice(undefined, BACKENDS, {
  help: "Backend to use. Default: the backend named by the environment variable FORGER_BACKEND, or else the fastest one " +
    "available on this machine.",
});
