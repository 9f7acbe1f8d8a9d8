/** The option --backend of several commands.
 * @module */
import { type BackendName, BACKENDS } from "../backend/use_backend.ts";
import { choice, type Field } from "../settings.ts";

/** Names the backend. */
export const backendOption: Field<BackendName | undefined> = choice(undefined, BACKENDS, {
  help: "Backend. By default the environment variable FORGER_BACKEND names it, and otherwise it is the fastest that works here.",
});
