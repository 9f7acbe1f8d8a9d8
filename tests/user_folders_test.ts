import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { cacheFolder, dataFolder, expandHome } from "../lib/user_folders.ts";
import { withVariables } from "./data/_variables.ts";

const HOME = Deno.build.os === "windows" ? "C:\\Users\\ada" : "/home/ada";
const NONE = {
  HOME: undefined,
  USERPROFILE: undefined,
  XDG_CACHE_HOME: undefined,
  LOCALAPPDATA: undefined,
  FORGER_CACHE: undefined,
};

Deno.test("expandHome() replaces ~ at the start of a path, and nowhere else", () =>
  withVariables({ ...NONE, HOME }, () => {
    assertEquals(["~", "~/", "~/x", "~/a/~b"].map(expandHome), [HOME, join(HOME, ""), join(HOME, "x"), join(HOME, "a/~b")]);
    for (const path of ["a~", "./~", "./~/x", "/~", "a/~/b", "", "."]) assertEquals(expandHome(path), path);
  }));

Deno.test("expandHome() rejects another user's folder, and ~ without a home folder, in one line", () =>
  withVariables(NONE, async () => {
    for (const path of ["~bob/x", "~bob", "~+/x", "~$x"]) {
      const { message } = assertThrows(() => expandHome(path), RangeError, `./${path}`);
      assert(!message.includes("\n"), message);
    }
    for (const home of [undefined, "", "ada"]) {
      await withVariables({ HOME: home }, () => {
        assertThrows(() => expandHome("~/x"), RangeError, "HOME");
      });
    }
  }));

Deno.test({
  name: "cacheFolder() ignores empty and relative variables, as the XDG specification says",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const usual = join(HOME, ".cache", "forger");
    const cases: [Record<string, string>, string][] = [
      [{}, usual],
      [{ XDG_CACHE_HOME: "" }, usual],
      [{ XDG_CACHE_HOME: "cache" }, usual],
      [{ XDG_CACHE_HOME: "./cache" }, usual],
      [{ XDG_CACHE_HOME: "/c" }, "/c/forger"],
      [{ XDG_CACHE_HOME: "/c", FORGER_CACHE: "" }, "/c/forger"],
      [{ XDG_CACHE_HOME: "/c", HOME: "" }, "/c/forger"],
      [{ XDG_CACHE_HOME: "/c", FORGER_CACHE: "/d" }, "/d"],
      [{ FORGER_CACHE: "~/d" }, join(HOME, "d")],
    ];
    for (const [variables, expected] of cases) {
      await withVariables({ ...NONE, HOME, ...variables }, () => {
        assertEquals(cacheFolder(), expected, JSON.stringify(variables));
      });
    }
    for (const HOME of [undefined, "", "relative"]) {
      await withVariables({ ...NONE, HOME, XDG_CACHE_HOME: "" }, () => {
        const { message } = assertThrows(cacheFolder, Error, "FORGER_CACHE");
        assert(message.includes("HOME") && !message.includes("\n"), message);
      });
    }
  },
});

Deno.test("dataFolder() treats an empty FORGER_DATA as unset, and expands ~", async () => {
  for (const [value, expected] of [[undefined, undefined], ["", undefined], ["~/d", join(HOME, "d")], ["d", "d"]]) {
    await withVariables({ ...NONE, HOME, FORGER_DATA: value }, () => {
      assertEquals(dataFolder(), expected);
    });
  }
});
