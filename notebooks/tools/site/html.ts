/** Small pieces of HTML.
 * @module */

/** Escapes text for the content of an element and for an attribute in double quotes. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Returns the text of a piece of HTML, without tags. */
export function textOf(html: string): string {
  const text = html
    .replaceAll(/<annotation[\s\S]*?<\/annotation>|<span class="katex-html"[\s\S]*$/g, "")
    .replaceAll(/<[^>]*>/g, "");
  return unescaped(text).replaceAll(/\s+/g, " ").trim();
}

/** Reverses {@linkcode escaped}. */
export function unescaped(text: string): string {
  return text.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
