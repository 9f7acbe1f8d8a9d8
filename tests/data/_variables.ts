/** Environment variables during a test.
 * @module */

/** Sets environment variables (undefined: unsets them), runs the test, and restores them. */
export async function withVariables(values: Record<string, string | undefined>, test: () => Promise<void> | void): Promise<void> {
  const set = (name: string, value?: string) => value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  const before = Object.keys(values).map((name) => [name, Deno.env.get(name)] as const);
  for (const [name, value] of Object.entries(values)) set(name, value);
  try {
    await test();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}
