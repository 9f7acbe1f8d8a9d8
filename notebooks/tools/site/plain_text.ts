/** Markdown as plain text, for the search and for previews.
 * @module */

/** Commands of LaTeX, and the characters that stand for them. */
const SIGNS: Record<string, string> = {
  ...{ alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ε", varepsilon: "ε", theta: "θ", lambda: "λ", mu: "μ", pi: "π" },
  ...{
    rho: "ρ",
    sigma: "σ",
    tau: "τ",
    phi: "φ",
    varphi: "φ",
    psi: "ψ",
    omega: "ω",
    Sigma: "Σ",
    times: "×",
    cdot: "·",
    approx: "≈",
  },
  ...{
    le: "≤",
    leq: "≤",
    ge: "≥",
    geq: "≥",
    neq: "≠",
    sim: "~",
    to: "→",
    infty: "∞",
    in: "∈",
    partial: "∂",
    nabla: "∇",
    sum: "Σ",
  },
};

/** Removes the marks of Markdown. Of formulas on lines of their own, only the numbers stay. */
export function plainText(markdown: string): string {
  return markdown
    .replaceAll(
      /\$\$([\s\S]*?)\$\$/g,
      (_, formula: string) => formula.match(/\\tag\{([^}]*)\}/)?.[1]?.replace(/.*/, "($&)") ?? "",
    )
    .split(/(\$(?!\s)(?:\\.|[^$\\])+?(?<!\s)\$(?!\d))/)
    .map((part, i) => i % 2 === 0 ? withoutMarks(part) : formulaText(part.slice(1, -1)))
    .join("").replaceAll(/\s+/g, " ").trim();
}

function withoutMarks(markdown: string): string {
  return markdown
    .replaceAll(/^\s*\|?(?:\s*:?-{3,}:?\s*\|?)+\s*$/gm, " ") // below the head of a table
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/^[>\s]*(?:[-*]|\d+\.|>|#+)\s/gm, " ")
    .replaceAll(/(?<![\p{L}\p{N}_*])([*_]{1,2})(?=\S)([^*_]+?)(?<=\S)\1(?![\p{L}\p{N}_*])/gu, "$2")
    .replaceAll(/[`|]/g, "");
}

/** Writes a formula without what only lays it out. */
function formulaText(latex: string): string {
  return latex
    .replaceAll(/\\[td]?frac\s*(\d)\s*(\d)|\\[td]?frac\{([^{}]*)\}\{([^{}]*)\}/g, (_, a, b, c, d) => `${a ?? c}/${b ?? d}`)
    .replaceAll(/\\(?:mathcal|mathbb|mathrm|text|operatorname|[bB]igg?[lr]?|left|right|hat|bar|tilde)(?![A-Za-z])/g, "")
    .replaceAll(/\\([A-Za-z]+)/g, (_, name: string) => SIGNS[name] ?? name)
    .replaceAll(/\\[,;:! ]|[{}]/g, "");
}
