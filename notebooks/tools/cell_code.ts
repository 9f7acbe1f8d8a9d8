/** The code of a cell, taken apart: what it imports, declares and uses, and where it awaits.
 * @module */
import { parse, type ParserPlugin } from "@babel/parser";

/** A node of the syntax tree, as far as this file needs it. */
interface Node {
  type: string;
  start: number;
  end: number;
  loc: { start: { line: number; column: number } };
  // deno-lint-ignore no-explicit-any -- the fields depend on the type
  [field: string]: any;
}

/** A name that a cell imports, or an import for its side effects. */
export interface Import {
  /** The module's specifier. */
  from: string;
  /** The local name; `undefined` if no name is imported. */
  name?: string;
  /** The statement as if it imported this name only. */
  text: string;
  /** Where in `text` the name begins that was written at `line` and `column`. */
  at: number;
  /** Place of the name in the cell, counted from 0. */
  line: number;
  column: number;
}

/** A call `name(...)` in a cell. */
export interface Call {
  name: string;
  /** Positions of the name. */
  start: number;
  end: number;
}

/** A cell that could be parsed. */
export interface CellCode {
  code: string;
  imports: Import[];
  /** Names that the cell declares for later cells, without those that it imports. */
  declares: string[];
  /** Names of other cells that the cell assigns to, or whose arrays, maps and objects it changes: `size = 3`, `list.push(3)`. */
  changes: string[];
  /** Names that the cell uses and does not declare itself: those of earlier cells, of imports, and globals. */
  needs: Set<string>;
  calls: Call[];
  /** Modules that the cell imports by `import()`; `undefined` stands for one that is computed. */
  dynamicImports: (string | undefined)[];
  /** The code without import statements; blanks keep all places. `undefined` if it can only stand at the top of a module. */
  body: string | undefined;
  /** The code with stoppable awaits: `await x` becomes `await $stoppable(x)`, and `for await` reads from `$stoppableEach(x)`. */
  stoppable: string;
}

/** The first syntax error of a cell. Line and column are counted from 1. */
export interface SyntaxProblem {
  message: string;
  line: number;
  column: number;
  /** Whether the cell is nested so deeply that Deno itself could end. */
  isTooDeep?: boolean;
}

/** Takes the code of a cell apart. One that is nested so deeply that this fails is given as a syntax error. */
export function parseCell(code: string): CellCode | SyntaxProblem {
  try {
    return parsed(code);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // the stack is full
    return { message: "The cell is nested too deeply; split it into several statements", line: 1, column: 1, isTooDeep: true };
  }
}

function parsed(code: string): CellCode | SyntaxProblem {
  const program = programOf(code, ["typescript"]);
  // Deno's kernel also accepts JSX, with which TypeScript's old type assertions cannot be written.
  const tree = "message" in program && /<\/|\/>/.test(code) ? programOf(code, ["typescript", "jsx"]) : program;
  return "message" in tree ? tree as unknown as SyntaxProblem : partsOf(code, tree.body);
}

function programOf(code: string, plugins: ParserPlugin[]): Node | SyntaxProblem {
  try {
    const options = { allowAwaitOutsideFunction: true, createParenthesizedExpressions: true, plugins };
    return parse(code, { sourceType: "module", ...options }).program as unknown as Node;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { line, column } = (error as SyntaxError & { loc: { line: number; column: number } }).loc;
    return { message: error.message.replace(/\.? \(\d+:\d+\)$/, ""), line, column: column + 1 };
  }
}

function partsOf(code: string, statements: Node[]): CellCode {
  const parts = { calls: [] as Call[], dynamicImports: [] as (string | undefined)[] };
  const inserts: [at: number, text: string][] = [];
  const wrap = ({ start, end }: Node, call: string) => inserts.push([start, `${call}(`], [end, ")"]);
  walk(statements, (node) => {
    if (node.type === "CallExpression" && node["callee"].type === "Identifier") {
      const { name, start, end } = node["callee"];
      parts.calls.push({ name, start, end });
    }
    if (node.type === "ImportExpression") parts.dynamicImports.push(node["source"].value);
    if (node.type === "AwaitExpression") wrap(node["argument"], "$stoppable");
    if (node.type === "ForOfStatement" && node["await"]) wrap(node["right"], "$stoppableEach");
  });
  const imports = statements.filter(({ type }) => type === "ImportDeclaration");
  const declares = statements.flatMap(namesOf);
  const isForTop = ({ type, declare }: Node) => /^Export|^TSModule|^TSExport|^TSImport/.test(type) || declare === true;
  return {
    code,
    ...parts,
    imports: imports.flatMap((node) => importsOf(code, node)),
    declares,
    changes: changedIn(statements).filter((name) => !declares.includes(name)),
    needs: neededBy(statements.filter((node) => !imports.includes(node)), new Set(declares)),
    body: statements.some(isForTop) ? undefined : blanked(code, imports),
    stoppable: inserted(code, inserts),
  };
}

/** Visits all nodes of a tree, each before its parts. */
function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) return value.forEach((each) => walk(each, visit));
  if (typeof value !== "object" || value === null) return;
  if (typeof (value as Node).type === "string") visit(value as Node);
  for (const [key, part] of Object.entries(value)) if (key !== "loc" && key !== "errors") walk(part, visit);
}

/** Names that nodes use, without those that they or the scopes around them declare. Blocks count as part of their function. */
function neededBy(value: unknown, bound: ReadonlySet<string>, needed = new Set<string>()): Set<string> {
  if (Array.isArray(value)) {
    value.forEach((each) => neededBy(each, bound, needed));
    return needed;
  }
  if (typeof value !== "object" || value === null || typeof (value as Node).type !== "string") return needed;
  const node = value as Node;
  if (node.type === "Identifier" && !bound.has(node["name"])) needed.add(node["name"]);
  const inner = opensScope(node) ? new Set([...bound, ...declaredIn(node)]) : bound;
  for (const [key, part] of Object.entries(node)) {
    const isName = (key === "property" || key === "key") && !node["computed"]; // of a member
    if (!isName && key !== "loc" && key !== "errors") neededBy(part, inner, needed);
  }
  return needed;
}

/** Methods that change what they belong to. */
const CHANGING = /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear)$/;

/** Names whose values statements change when they run: not in functions, which may never be called. */
function changedIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(changedIn);
  if (typeof value !== "object" || value === null || typeof (value as Node).type !== "string") return [];
  const node = value as Node;
  if (/Function|Method$|^Class/.test(node.type)) return [];
  const { callee } = node;
  const isCall = node.type === "CallExpression" && callee.type === "MemberExpression" && CHANGING.test(callee.property.name);
  const changed = isCall ? callee.object : node.type === "UpdateExpression" ? node["argument"] : undefined;
  const left = node.type === "AssignmentExpression" ? node["left"] : changed;
  const parts = Object.entries(node).flatMap(([key, part]) => key === "loc" || key === "errors" ? [] : changedIn(part));
  return [...rootsOf(left), ...parts];
}

/** The names to which an assignment leads: `a` of `a.b[0]`, and all those of a pattern. */
function rootsOf(target: Node | undefined): string[] {
  if (target?.type === "MemberExpression") return rootsOf(target["object"]);
  return /Expression$/.test(target?.type ?? "") ? rootsOf(target!["expression"]) : boundIn(target ?? null);
}

function opensScope({ type }: Node): boolean {
  return /Function|Method$|^BlockStatement$|^For|^CatchClause$|^SwitchStatement$|^StaticBlock$/.test(type);
}

/** Names that a node with a scope of its own declares: parameters, and the declarations in it, however deep. */
function declaredIn(scope: Node): string[] {
  const names: string[] = [scope["params"] ?? [], scope["param"] ?? [], scope["id"] ?? []].flat().flatMap(boundIn);
  walk([scope["body"], scope["left"], scope["init"], scope["cases"]], (node) => names.push(...namesOf(node)));
  return names;
}

function importsOf(code: string, node: Node): Import[] {
  const tail = code.slice(node["source"].start, node.end);
  const kind = node["importKind"] === "type" ? "import type " : "import ";
  const from: string = node["source"].value;
  const specifiers: Node[] = node["specifiers"];
  const { line, column } = node.loc.start;
  if (specifiers.length === 0) return [{ from, text: kind + tail, at: 0, line: line - 1, column }];
  return specifiers.map((specifier) => {
    const open = specifier.type === "ImportSpecifier" ? "{ " : "";
    const text = `${kind}${open}${code.slice(specifier.start, specifier.end)}${open && " }"} from ${tail}`;
    const { line, column } = specifier.loc.start;
    return { from, name: specifier["local"].name, text, at: kind.length + open.length, line: line - 1, column };
  });
}

/** Names that a statement declares at the top level. */
function namesOf(statement: Node): string[] {
  if (statement.type === "VariableDeclaration") return statement["declarations"].flatMap(({ id }: Node) => boundIn(id));
  const isDeclaration = /^(Function|Class|TSEnum|TSInterface|TSTypeAlias)Declaration$|^TSDeclareFunction$/.test(statement.type);
  return isDeclaration ? [statement["id"].name] : [];
}

/** Names that a pattern binds: `{ a, b: [c, ...d], e = 1 }` binds a, c, d and e. */
function boundIn(pattern: Node | null): string[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern["name"]];
    case "ObjectPattern":
      return pattern["properties"].flatMap((property: Node) => boundIn(property["value"] ?? property["argument"]));
    case "ArrayPattern":
      return pattern["elements"].flatMap(boundIn);
    case "RestElement":
      return boundIn(pattern["argument"]);
    case "AssignmentPattern":
      return boundIn(pattern["left"]);
    default:
      return [];
  }
}

function blanked(code: string, nodes: Node[]): string {
  const blank = (text: string, { start, end }: Node) =>
    text.slice(0, start) + text.slice(start, end).replaceAll(/[^\n]/g, " ") + text.slice(end);
  return nodes.reduce(blank, code);
}

function inserted(code: string, inserts: [at: number, text: string][]): string {
  let [result, from] = ["", 0];
  for (const [at, text] of inserts.toSorted(([a], [b]) => a - b)) {
    result += code.slice(from, at) + text;
    from = at;
  }
  return result + code.slice(from);
}
