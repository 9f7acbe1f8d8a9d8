/** The files that all pages share: style sheets, fonts and scripts. Nothing is loaded from the network.
 * @module */
import { stripTypeScriptTypes } from "node:module";
import { openSansUrl, plotlyUrl } from "../../../lib/packages.ts";

/** Fonts of the text, and the characters that each contains. */
const FACES = [
  { file: "latin-400-normal", weight: 400, style: "normal" },
  { file: "latin-400-italic", weight: 400, style: "italic" },
  { file: "latin-600-normal", weight: 600, style: "normal" },
  { file: "greek-400-normal", weight: 400, style: "normal", range: "U+0370-03FF" },
  { file: "math-400-normal", weight: 400, style: "normal", range: "U+2190-21FF,U+2200-22FF" },
];

/** Returns the shared files, keyed by path.
 * @param colours style sheet of the colours in source code. */
export async function assetFiles(colours: string): Promise<Map<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>();
  const faces = await Promise.all(FACES.map(async ({ file, weight, style, range }) => {
    files.set(`assets/fonts/${file}.woff2`, await Deno.readFile(await openSansUrl(`files/open-sans-${file}.woff2`)));
    return `@font-face { font-family: "Open Sans"; font-weight: ${weight}; font-style: ${style}; font-display: swap; ` +
      `src: url(fonts/${file}.woff2) format("woff2");${range ? ` unicode-range: ${range};` : ""} }\n`;
  }));
  files.set("assets/style.css", faces.join("") + await textBeside("style.css") + colours);
  await addKatex(files);
  files.set("assets/plotly.js", await Deno.readFile(await plotlyUrl("plotly-cartesian.min.js")));
  files.set("assets/minisearch.js", await Deno.readTextFile(new URL("../umd/index.js", import.meta.resolve("minisearch"))));
  const scripts = await Promise.all(["page", "figures", "search", "previews"].map((name) => browserScript(`browser/${name}.ts`)));
  files.set("assets/page.js", scripts.join("\n"));
  return files;
}

/** Adds KaTeX's style sheet and its fonts in the format that all browsers read. */
async function addKatex(files: Map<string, string | Uint8Array>): Promise<void> {
  const folder = import.meta.resolve("katex");
  const css = await Deno.readTextFile(new URL("katex.min.css", folder));
  // The other formats, TTF and WOFF, are for browsers that are too old for the site.
  const slim = css.replaceAll(/,url\(fonts\/[^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)/g, "");
  for (const name of new Set([...slim.matchAll(/url\((fonts\/[^)]+)\)/g)].map(([, path]) => path!))) {
    files.set(`assets/${name}`, await Deno.readFile(new URL(name, folder)));
  }
  files.set("assets/katex.css", slim);
}

async function textBeside(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, import.meta.url));
}

/** Reads a script for browsers: TypeScript without its types. A classic script, since browsers load no modules from files. */
async function browserScript(name: string): Promise<string> {
  const code = stripTypeScriptTypes(await textBeside(name)).replaceAll(/^export \{\};$/gm, "").replaceAll(/[ \t]+$/gm, "");
  return `(() => {\n${code.trim()}\n})();\n`;
}
