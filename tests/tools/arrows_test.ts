import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import {
  ALLOWED,
  type Arrow,
  arrowName,
  arrowsIn,
  circles,
  circleSentence,
  forbiddenArrows,
  readArrows,
  type Room,
  ROOMS,
} from "./arrows.ts";

const arrows = await readArrows(fileURLToPath(new URL("../../", import.meta.url)));

Deno.test("the files of the project import each other without cycles", () => {
  assertEquals(circles(arrows).map(circleSentence), []);
});

Deno.test("the rooms import each other only as the table of rooms allows", () => {
  assertEquals(forbiddenArrows(arrows, ROOMS, ALLOWED), []);
});

Deno.test("the list of exceptions names only imports that exist", () => {
  const names = new Set(arrows.map(arrowName));
  assertEquals(ALLOWED.filter((name) => !names.has(name)), [], "delete these from the list");
});

Deno.test("the table of rooms has no cycle and names only rooms that it contains", () => {
  const between = ROOMS.flatMap(({ name, may }) => may.map((other) => ({ from: name, to: other, what: "" })));
  assertEquals(circles(between), []);
  const names = ROOMS.map(({ name }) => name);
  assertEquals(between.filter(({ to }) => !names.includes(to)), []);
});

const SOURCE = `/** @example
 * import { no } from "./example.ts";
 */
import { join } from "node:path";
import { a, type B } from "../b.ts";
import type { C } from "./c.ts";
export * from "./d.ts";
import "./e.ts";
type F = typeof import("./f.ts");
// await import("./comment.ts");
const g = await import("./sub/g.ts");
`;

Deno.test("arrowsIn() finds static, type-only and dynamic imports, and ignores comments and packages", () => {
  assertEquals(arrowsIn("lib/x/a.ts", SOURCE).map(({ to, what }) => [to, what]), [
    ["lib/b.ts", "{ a, type B }"],
    ["lib/x/c.ts", "type { C }"],
    ["lib/x/d.ts", "*"],
    ["lib/x/e.ts", ""],
    ["lib/x/f.ts", "..."],
    ["lib/x/sub/g.ts", "..."],
  ]);
});

const arrow = (from: string, to: string, what = "{ x }"): Arrow => ({ from, to, what });

Deno.test("circles() returns one shortest cycle for each group of files, with the imported names", () => {
  const graph = [
    ...[arrow("a.ts", "b.ts"), arrow("b.ts", "c.ts", "type { Y }"), arrow("c.ts", "a.ts", "...")],
    ...[arrow("c.ts", "d.ts"), arrow("d.ts", "e.ts"), arrow("a.ts", "e.ts")],
    ...[arrow("f.ts", "g.ts"), arrow("g.ts", "h.ts"), arrow("h.ts", "f.ts"), arrow("g.ts", "f.ts")],
    arrow("i.ts", "i.ts"),
  ];
  assertEquals(circles(graph).map(circleSentence), [
    "a.ts imports { x } from b.ts, which imports type { Y } from c.ts, which imports ... from a.ts",
    "f.ts imports { x } from g.ts, which imports { x } from f.ts",
    "i.ts imports { x } from i.ts",
  ]);
  assertEquals(circles(graph, ["b.ts -> c.ts", "g.ts -> f.ts", "i.ts -> i.ts"]).map(circleSentence), [
    "f.ts imports { x } from g.ts, which imports { x } from h.ts, which imports { x } from f.ts",
  ]);
  assertEquals(circles([arrow("a.ts", "b.ts"), arrow("a.ts", "c.ts"), arrow("b.ts", "c.ts")]), []);
});

Deno.test("forbiddenArrows() names an import that points upwards and a file outside of all rooms", () => {
  const rooms: Room[] = [
    { name: "low", holds: ["lib/low/"], may: [] },
    { name: "high", holds: ["lib/high/", "lib/low/but_high.ts"], may: ["low"] },
  ];
  const allowed = [arrow("lib/high/a.ts", "lib/low/b.ts"), arrow("lib/low/but_high.ts", "lib/low/b.ts")];
  assertEquals(forbiddenArrows(allowed, rooms), []);
  const upward = arrow("lib/low/b.ts", "lib/high/a.ts", "type { A }");
  assertEquals(forbiddenArrows([...allowed, upward, arrow("lib/new.ts", "lib/low/b.ts")], rooms), [
    "lib/low/b.ts (low) must not import type { A } from lib/high/a.ts (high); low may import nothing",
    "lib/new.ts belongs to no room; add it to the table",
  ]);
  assertEquals(forbiddenArrows([upward], rooms, [arrowName(upward)]), []);
});
