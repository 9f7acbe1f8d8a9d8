/** The part of `@std/assert` that the tests and notebooks use, over `node:assert`, for machines that reach no JSR registry:
 * deno.json links it. Take the link out and the real package serves instead; names, order and meaning are the same.
 * @module */
import nodeAssert, { AssertionError } from "node:assert";

export { AssertionError };

// deno-lint-ignore no-explicit-any -- as in the real package: any constructor, abstract ones too
type Class<T> = abstract new (...args: any[]) => T;

/** Throws unless `value` is truthy. */
export function assert(value: unknown, message = ""): asserts value {
  if (!value) throw new AssertionError({ message });
}

/** Throws always. */
export function fail(message?: string): never {
  throw new AssertionError({ message: `Failed assertion${message ? `: ${message}` : "."}` });
}

/** Throws unless the two are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.deepStrictEqual(actual, expected, message as string);
}

/** Throws if the two are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.notDeepStrictEqual(actual, expected, message as string);
}

/** Throws unless the two are the same value or object. */
export function assertStrictEquals<T>(actual: unknown, expected: T, message?: string): asserts actual is T {
  nodeAssert.strictEqual(actual, expected, message as string);
}

/** Throws if the two differ by more than `tolerance`, by default 1e-7 of the expected value. */
export function assertAlmostEquals(actual: number, expected: number, tolerance?: number, message?: string): void {
  const allowed = tolerance ?? (isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  if (Object.is(actual, expected) || Math.abs(expected - actual) <= allowed) return;
  fail(message ?? `Expected actual: ${actual} to be close to ${expected}: delta ${Math.abs(expected - actual)} > ${allowed}`);
}

/** Throws unless `actual` > `expected`. */
export function assertGreater<T>(actual: T, expected: T, message?: string): void {
  if (!(actual > expected)) fail(message ?? `Expect ${actual} > ${expected}`);
}

/** Throws unless `actual` >= `expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, message?: string): void {
  if (!(actual >= expected)) fail(message ?? `Expect ${actual} >= ${expected}`);
}

/** Throws unless `actual` < `expected`. */
export function assertLess<T>(actual: T, expected: T, message?: string): void {
  if (!(actual < expected)) fail(message ?? `Expect ${actual} < ${expected}`);
}

/** Throws unless `actual` <= `expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, message?: string): void {
  if (!(actual <= expected)) fail(message ?? `Expect ${actual} <= ${expected}`);
}

/** Throws if `actual` is null or undefined. */
export function assertExists<T>(actual: T, message?: string): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) fail(message ?? `Expected actual: "${actual}" to not be null or undefined`);
}

/** Throws unless `actual` is an instance of `type`. */
export function assertInstanceOf<T>(actual: unknown, type: Class<T>, message?: string): asserts actual is T {
  if (!(actual instanceof type)) fail(message ?? `Expected object to be an instance of "${type.name}"`);
}

/** Throws unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  if (!actual.includes(expected)) fail(message ?? `Expected actual: "${actual}" to contain: "${expected}"`);
}

/** Throws unless `actual` matches `expected`. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  if (!expected.test(actual)) fail(message ?? `Expected actual: "${actual}" to match: "${expected}"`);
}

function checkError<E extends Error>(error: unknown, type: Class<E>, includes?: string, message?: string): E {
  assertInstanceOf(error, type, message ?? `Expected error to be instance of "${type.name}", but was "${error}"`);
  if (includes) assertStringIncludes(error.message, includes, message);
  return error;
}

/** Throws unless `fn` throws an error of the class, with the text in its message. Returns the error. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  type: Class<E> = Error as unknown as Class<E>,
  includes?: string,
  message?: string,
): E {
  try {
    fn();
  } catch (error) {
    return checkError(error, type, includes, message);
  }
  fail(message ?? "Expected function to throw.");
}

/** Throws unless `fn`'s promise rejects with an error of the class, with the text in its message. Resolves to the error. */
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  type: Class<E> = Error as unknown as Class<E>,
  includes?: string,
  message?: string,
): Promise<E> {
  try {
    await fn();
  } catch (error) {
    return checkError(error, type, includes, message);
  }
  fail(message ?? "Expected function to reject.");
}
