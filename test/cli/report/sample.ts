import fc from 'fast-check'
import type { ReportData, RunReport } from '../../../src/cli/report/index.js'

/** A run whose loss falls like `1 / (1 + rate k)`. */
export const run = (name: string, changes: Partial<RunReport> = {}, iterations = 60): RunReport => {
  const step = changes.startingStep ?? 0.5
  const loss = (k: number) => 2.3 / (1 + step * k)
  return {
    name,
    group: 'Constant steps',
    family: 'constant',
    rule: `constant{step: ${step}}`,
    direction: 'steepest',
    startingStep: step,
    trace: Array.from({ length: iterations }, (_, k) => ({
      k,
      value: loss(k) * (1 + 0.1 * ((k * 7) % 5)),
      train: k % 10 === 0 ? loss(k) : null,
      step,
      evaluations: 2 * k + 2,
    })),
    summary: {
      train: loss(iterations),
      testLoss: 1.1 * loss(iterations),
      testAccuracy: 0.875,
      functionEvaluations: iterations,
      gradientEvaluations: iterations,
      failures: 0,
      decided: [{ operand: `constant{step: ${step}}`, count: iterations }],
      iterations,
    },
    seconds: 1.5,
    ...changes,
  }
}

export const report = (runs: ReadonlyArray<RunReport>, changes: Partial<ReportData> = {}): ReportData => ({
  title: 'Steps',
  description: ['What was done.'],
  settings: [['Seed', '7']],
  runs,
  raw: { file: 'results.jsonl', text: '{"run":"a"}\n' },
  ...changes,
})

export const adam = 'adam{beta1: 0.9, beta2: 0.999, eps: 1e-8}'

const grown = 'min[last{initial: 1, factor: 1.5}, constant{step: 100}]'

/** A method with a rule at each level. */
export const twoLevelRun = (name: string): RunReport => {
  const [upper, lower] = [`armijo{start: ${grown}, slack: 0.01}`, `armijo{start: ${grown}, budget: 20}`]
  return run(name, {
    rule: `bilevelDescent{inner: {steps: 3, rule: ${lower}}, hypergradient: cg{iterations: 3}, outer: {direction: ${adam}, rule: ${upper}}}`,
    outline: ['bilevelDescent, cg{iterations: 3}', `upper: ${upper} along ${adam}`, `lower: 3 × ${lower}`],
    summary: { ...run(name).summary, decided: [{ operand: 'the upper rule', count: 19 }] },
  })
}

/** A batch of the usual size: two sweeps and some rules. */
export const batch: ReportData = report([
  ...[1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100].map((step) => run(`constant ${step}`, { startingStep: step })),
  ...['SPSmax', 'SPSB', 'DecSPS', 'SLS', 'SLSB', 'envelope'].map((name, i) =>
    run(name, {
      group: 'Rules',
      family: name,
      rule: `min[polyak{c: ${(i + 1) / 2}}, envelope{lower: constant{step: 0.01}, proposal: armijo{c: 0.1, shrink: 0.5, budget: 100}(last{initial: 1, factor: 1.4}), upper: constant{step: 10}}]`,
      startingStep: i === 5 ? null : 1 + i,
      trace: run(name).trace.map((point) => ({
        ...point,
        step: point.k % 9 === i ? null : 0.1 * (1 + (point.k % 4)),
      })),
    }),
  ),
  ...[1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10].map((step) =>
    run(`Adam ${step}`, { group: 'Adam', family: 'Adam', direction: adam, startingStep: step }),
  ),
  run('Adam + Armijo', { group: 'Adam', family: 'Adam + Armijo', direction: adam, startingStep: 1 }),
])

const number = fc.oneof(
  fc.double(),
  fc.double({ min: 1e-6, max: 1e3 }),
  fc.constantFrom(0, -0, 5e-324, 1.7e308, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
)

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    `&"'<>`,
    '</style></svg></pre><img src=x onerror=alert(1)>',
    '&lt;b&gt;',
    ']]>',
    '<!--',
    '\u{1b}[31mred',
    'a\r\nb\tc',
    '\u{202e}reversed',
    '__proto__',
    '',
  ),
)

const count = fc.nat(5000)

const anyRun: fc.Arbitrary<RunReport> = fc.record({
  name: text,
  group: fc.oneof(text, fc.constantFrom('a', 'b')),
  family: fc.oneof(text, fc.constantFrom('a', 'b')),
  rule: text,
  direction: fc.oneof(fc.constant('steepest'), text),
  startingStep: fc.option(number),
  trace: fc
    .array(fc.record({ value: number, train: fc.option(number), step: fc.option(number), spent: count }), {
      maxLength: 12,
    })
    .map((points) =>
      points.map(({ spent, ...point }, k) => ({ ...point, k, evaluations: 10 * k + (spent % 10) })),
    ),
  summary: fc.record({
    train: number,
    testLoss: fc.option(number),
    testAccuracy: fc.option(number),
    functionEvaluations: count,
    gradientEvaluations: count,
    failures: count,
    decided: fc.array(fc.record({ operand: text, count }), { maxLength: 3 }),
    iterations: count,
  }),
  seconds: fc.option(number),
})

/** Whatever the type admits. */
export const anyReport: fc.Arbitrary<ReportData> = fc.record({
  title: text,
  description: fc.array(text, { maxLength: 2 }),
  settings: fc.array(fc.tuple(text, text), { maxLength: 2 }),
  runs: fc.array(anyRun, { maxLength: 8 }),
  raw: fc.record({ file: text, text }),
})
