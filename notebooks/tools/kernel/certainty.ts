/** Decides which type errors are worth a warning in a notebook: those that mean a mistake whatever happens at run time.
 *
 * TypeScript also reports code that runs as intended: where a value may be undefined, where a tensor's rank is not known, where a
 * string is one of the allowed strings but its type does not say so, where an object gets a new property. A reader who is warned
 * of these stops reading warnings, so in doubt there is none.
 * @module */

/** Codes that are enough: missing exports, unknown settings, wrong numbers of arguments, assignments to constants, and conditions
 * that test a promise instead of its value. */
const ALWAYS = [2305, 2353, 2554, 2555, 2561, 2588, 2614, 2724, 2801];
const ASSIGNMENT = [2322, 2345, 2739, 2740, 2741, 2769, 2820];
const OVERLOADS = 2769;
const MEMBER = [2339, 2551];
const OPERATION = [2349, 2351, 2362, 2363, 2365];

const LITERAL = String.raw`"[^"|]*"|-?[\d.]+|true|false`;
/** Types whose values are what they seem: what TypeScript says of them is so. */
const PLAIN = new RegExp(String.raw`^(?:(string|number|boolean|bigint|symbol|void|${LITERAL})(\[\])*|Promise<[^|]*>)$`);
const IS_LITERAL = new RegExp(`^(?:${LITERAL})$`);
const ALLOWS_LITERALS = new RegExp(String.raw`(?:^|[\s(|])(?:${LITERAL})`);
/** Types to which scripts add properties, or that are more at run time than TypeScript knows. */
const OPEN = /^(\{|.*=>|object$|Object$|Error$|typeof Deno|typeof globalThis|never$|unknown$|Element$|.* \| )/;

/** Returns the text of the warning for a type error; `undefined` if it is not certain.
 * @param rest the rest of the line of code from the place of the error on. */
export function warningOf(code: number, message: string, rest: string): string | undefined {
  const first = message.split("\n")[0]!;
  if (ALWAYS.includes(code)) return first;
  if (ASSIGNMENT.includes(code)) {
    const reasons = reasonsOf(message);
    return reasons.every(doesNotFit) ? code === OVERLOADS ? reasons.at(-1) : first : undefined;
  }
  if (MEMBER.includes(code)) {
    const type = first.match(/does not exist on type '(.*)'/)?.[1];
    const isNew = /^[\w$]+\s*(=(?!=)|[-+*/]=)/.test(rest);
    return type && !OPEN.test(type) && !isNew ? first : undefined;
  }
  // Dates can be subtracted, and what TypeScript does not know may be a number.
  const isUnsure = /\bDate\b/.test(rest) || /\||unknown|never/.test(first);
  return OPERATION.includes(code) && !isUnsure ? first : undefined;
}

/** The innermost reason of each overload, or of the whole message. */
function reasonsOf(message: string): string[] {
  return message.split(/\n +Overload \d.*/).slice(/\n +Overload \d/.test(message) ? 1 : 0)
    .map((part) => part.split("\n").at(-1)!.trim());
}

function doesNotFit(reason: string): boolean {
  if (reason.includes("Object literal may only specify known properties")) return true;
  const missing = reason.match(/Property .* is missing in type '(.*)' but required|Type '(.*)' is missing the following/);
  if (missing) return PLAIN.test(missing[1] ?? missing[2]!) || (missing[1] ?? missing[2]!).startsWith("{");
  const [, source, target] = reason.match(/[Tt]ype '(.*)' is not assignable to (?:parameter of )?type '(.*)'/) ?? [];
  if (source === undefined || target === undefined || !PLAIN.test(source)) return false;
  if (source.endsWith("[]")) return !/^(readonly )?\[/.test(target); // a tuple of the right length, perhaps
  // A string may well be one of the allowed ones, unless it is known which string it is.
  return IS_LITERAL.test(source) || !ALLOWS_LITERALS.test(target);
}
