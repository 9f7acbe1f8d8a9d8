/** Composes the gallery: an HTML page with a card for each of several models, which links to the model's page.
 * @module */
import { escaped } from "./html.ts";

/** Description of a model in the gallery. */
export interface GalleryModel {
  /** Name of the model, which is also the last part of its page's address. */
  name: string;
  /** Name of its system, such as "pix2pix". Without it, the card has no link. */
  system?: string;
  /** A sentence about the model. */
  about: string;
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 68rem; margin: 0 auto; padding: 1rem }
ul { display: grid; gap: 1rem; padding: 0; list-style: none }
ul { grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)) }
li { position: relative; padding: 1rem; border: 1px solid #8888; border-radius: 0.5rem; overflow-wrap: anywhere }
li:has(a):hover, li:has(a:focus-visible) { border-color: LinkText }
h2, p { margin: 0 }
h2 { font-size: 1.2rem }
a::after { content: ""; position: absolute; inset: 0 }
`;

/** Composes the gallery. The address of a model's page is its name, followed by a slash. */
export function galleryPage(models: readonly GalleryModel[]): string {
  const cards = models.map(({ name, system, about }) => {
    const title = system === undefined ? escaped(name) : `<a href="${encodeURIComponent(name)}/">${escaped(name)}</a>`;
    const lines = [...system === undefined ? [] : [system], about].map((line) => `<p>${escaped(line)}</p>`);
    return `<li><h2>${title}</h2>${lines.join("")}</li>`;
  });
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Models · Forger</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<h1>Models</h1>
<p>Forger loads a model when you open its page for the first time, which takes a few seconds.</p>
<ul>
${cards.join("\n")}
</ul>
</body>
</html>
`;
}
