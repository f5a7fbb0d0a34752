const symbols: { readonly [command: string]: string } = {
  varphi: 'φ',
  kappa: 'κ',
  omega: 'ω',
  xi: 'ξ',
  nu: 'ν',
  Pi: 'Π',
  mathcal: '',
  tilde: '',
  alpha: 'α',
  mu: 'μ',
  varepsilon: 'ε',
  psi: 'ψ',
  Gamma: 'Γ',
  prod: 'Π',
  circ: '∘',
  pm: '±',
  mp: '∓',
  preceq: '⪯',
  mathring: '',
  hat: '',
  sigma: 'σ',
  tau: 'τ',
  rho: 'ρ',
  eta: 'η',
  nabla: '∇',
  inf: 'inf',
  ln: 'ln',
  ldots: '…',
  lambda: 'λ',
  theta: 'θ',
  Delta: 'Δ',
  in: '∈',
  mathbb: '',
  ne: '≠',
  to: '→',
  beta: 'β',
  gamma: 'γ',
  delta: 'δ',
  epsilon: 'ε',
  ell: 'ℓ',
  infty: '∞',
  bot: '⊥',
  top: '⊤',
  le: '≤',
  ge: '≥',
  cdot: '·',
  dots: '…',
  sum: 'Σ',
  bar: 'mean ',
  langle: '⟨',
  rangle: '⟩',
  max: 'max',
  min: 'min',
}

const formula = (tex: string): string =>
  tex
    .replace(/\\(?:mathbin|mathrm)\{([^{}]*)\}/g, '$1')
    .replace(/\\(?:left|right|[bB]igg?[lrm]?)(?![a-z])/g, '')
    .replace(/\\frac(\d)(\d)/g, '$1/$2')
    .replace(/\\frac\s*(\\[a-z]+(?![a-z])|\w)\s*(\\[a-z]+(?![a-z])|\w)/gi, '$1/$2')
    .replace(/\\frac\s*(\\[a-z]+(?![a-z])|\w)\{([^{}]*)\}/gi, '$1/($2)')
    .replace(/\\sqrt\s*(\\[a-z]+|\w)/gi, '√$1')
    .replace(/\\frac(\d)(?=\s*[\\a-zA-Z{])/g, '$1/')
    .replace(/\\frac\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/g, '($1)/($2)')
    .replace(/\\frac\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}/g, '($1)/')
    .replace(/\\(?:text|mathcal|operatorname)\{([^{}]*)\}/g, '$1')
    .replace(/([_^])\{([^{}]*)\}/g, '$1($2)')
    .replace(/\\sqrt\{([^{}]*)\}/g, '√($1)')
    .replace(/\\([a-z]+)/gi, (all, command: string) =>
      Object.hasOwn(symbols, command) ? (symbols[command] ?? all) : all,
    )
    .replace(/\\\|/g, '‖')
    .replace(/\\([{}])/g, '$1')
    .replace(/\\[, ]/g, ' ')

/**
 * The statement of a law as it can be read in a terminal: formulas without TeX. Code between backticks stays as it is.
 *
 * @category Laws
 * @since 0.1.0
 * @example
 * ```ts
 * import { plain } from 'steplaw/laws'
 *
 * plain("$c\\,\\gamma\\,|\\varphi'(0)| \\le \\max(\\varphi(0) - \\ell, 0)$") // => "c γ |φ'(0)| ≤ max(φ(0) - ℓ, 0)"
 * ```
 */
export const plain = (statement: string): string =>
  statement.replace(/\$([^$]*)\$/g, (_all, tex: string) => formula(tex))
