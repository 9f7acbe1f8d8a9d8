/** Program for _process.ts that starts the backend of its first argument and computes 2 + 2 on it. */
import * as tf from "../../lib/tf.ts";
import { type BackendName, useBackend } from "../../lib/backend/use_backend.ts";

const [name, quiet] = Deno.args;
try {
  const backend = await useBackend((name || undefined) as BackendName | undefined, { quiet: quiet !== undefined });
  console.log(`${backend.name} ${tf.add(2, 2).dataSync()[0]}`);
} catch (error) {
  console.log(`${error}`);
}
