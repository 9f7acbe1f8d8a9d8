/** Composes a page: one HTML file that contains everything, or a folder of static files. For the parts of a page, see
 * page_data.ts.
 *
 * A content security policy keeps the page from loading or sending anything, so a user's drawings and images never leave the
 * page.
 * @module */
import { createHash } from "node:crypto";
import type { Scripts } from "./bundle.ts";
import { PAGE_PARTS, type PageData } from "./page_data.ts";

/** The contents of a page. */
export interface PageFiles {
  data: PageData;
  scripts: Scripts;
  wasm: Uint8Array<ArrayBuffer>;
  weights: Uint8Array<ArrayBuffer>;
}

/** Maximum size of a page in one file, in bytes. */
export const LARGEST_FILE = 25e6;

/** Names of the files in a folder, keyed by part. */
export const FOLDER_FILES = { page: "index.html", worker: "worker.js", wasm: "tfjs.wasm", weights: "weights.bin" } as const;

/** Text that a page shows until its script runs. The script of a page that is cut short never runs. */
const INCOMPLETE = "Loading. If this text stays, the page is incomplete: load it again, or export the model again.";

/** A part of a page that is not HTML. */
interface Part {
  id: string;
  file: string;
  bytes: Uint8Array<ArrayBuffer>;
}

function partsOf({ scripts, wasm, weights }: PageFiles): Part[] {
  return [
    { id: PAGE_PARTS.worker, file: FOLDER_FILES.worker, bytes: new TextEncoder().encode(scripts.worker) },
    { id: PAGE_PARTS.wasm, file: FOLDER_FILES.wasm, bytes: wasm },
    { id: PAGE_PARTS.weights, file: FOLDER_FILES.weights, bytes: weights },
  ];
}

/** Composes a page in one file. */
export async function singleFile(page: PageFiles): Promise<Uint8Array<ArrayBuffer>> {
  const parts = await Promise.all(partsOf(page).map(({ id, bytes }) => packedPart(id, bytes)));
  return new TextEncoder().encode(htmlOf(page, parts, ""));
}

/** Composes a page as files, keyed by their names. The files need a server, since browsers do not let a page from a file read
 * other files. */
export function folderFiles(page: PageFiles): Record<string, Uint8Array<ArrayBuffer>> {
  const parts = partsOf(page);
  // The digest keeps browsers from using files that they have cached from an earlier page.
  const elements = parts.map(({ id, file, bytes }) =>
    `<script type="text/plain" id="${id}" data-file="${file}?${digestOf(bytes)}" data-bytes="${bytes.length}"></script>`
  );
  return {
    ...Object.fromEntries(parts.map(({ file, bytes }) => [file, bytes])),
    [FOLDER_FILES.page]: new TextEncoder().encode(htmlOf(page, elements, " 'self'")), // last: the page needs the other files
  };
}

/** Composes the element of a part that the page itself contains, compressed with gzip and encoded as base64. */
export async function packedPart(id: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const text = (await gzip(bytes)).toBase64();
  return `<script type="text/plain" id="${id}" data-bytes="${text.length}">${text}</script>`;
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}

/** @param own Source expression that allows the page's own files, if there are any. */
function htmlOf({ data, scripts }: PageFiles, parts: string[], own: string): string {
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  const all = parts.reduce((sum, part) => sum + Number(part.match(/ data-bytes="(\d+)"/)![1]), 0);
  const body = `<main id="${PAGE_PARTS.page}" data-bytes="${all}"><p role="status">${INCOMPLETE}</p></main>
<noscript>This page runs a model in the browser and needs JavaScript.</noscript>
<script type="application/json" id="${PAGE_PARTS.data}">${json}</script>`;
  return htmlDocument({ title: `${data.title} · ${data.systemTitle}`, body, parts, own }, scripts);
}

/** The contents of an HTML document. */
export interface DocumentParts {
  title: string;
  /** The elements of the body before the script. */
  body: string;
  /** The elements of the parts that are not HTML. */
  parts: string[];
  /** Source expression that allows the document's own files, if there are any. */
  own?: string;
}

/** Composes an HTML document. The content security policy allows the network only for the document's own files. */
export function htmlDocument({ title, body, parts, own = "" }: DocumentParts, scripts: Omit<Scripts, "worker">): string {
  const policy = [
    "default-src 'none'",
    "script-src 'unsafe-inline' 'wasm-unsafe-eval' blob:",
    "worker-src blob:",
    `connect-src blob: data:${own}`,
    "img-src blob: data:",
    "media-src blob: mediastream:",
    "style-src 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Forger">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>
${scripts.style.replaceAll("</style", "<\\/style")}
</style>
</head>
<body>
${body}
<script type="module" async>
${scripts.page.replaceAll("</script", "<\\/script").replaceAll("<!--", "\\x3C!--")}
</script>
${parts.join("\n")}
</body>
</html>
`;
}

/** Escapes text for the content of an HTML element. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
