/** The page of the generators. */
import { power, WITHIN } from '../../test/law/power.js'
import { FOLDER } from './lawPage.js'
import { code, list, type Page, page, percent, table } from './markdown.js'

const link = (name: string): string => `{@link steplaw/laws!${name} | ${code(name)}}`

const share = (p: number | null): string => (p === null ? '' : p === 0 ? '0' : percent(p))

/** A row each; a generator is named where its rows begin. */
const rows = power.map(({ generator, statement, reason, share: p, double }, i) => [
  power[i - 1]?.generator === generator ? '' : code(generator),
  `${statement}<br>*${reason}*`,
  share(p),
  share(double),
])

/** What the generators draw, and what the draws can find. */
export const generatorsPage: Page = page(`${FOLDER}/generators.md`, 'Generators', [
  'Laws are tried on what is drawn, and so the draws decide what can be found. Doubles drawn uniformly from their bit patterns find little: of two such numbers one nearly always swallows the other, whole. The generators here draw what numerical programs stumble over:',
  list([
    `${link('dyadic')}: numbers whose sums and products are exact. What such numbers refute is false of real numbers too.`,
    `${link('oneBinade')}: numbers of one size, whose sums all round. What they refute is a matter of rounding.`,
    `${link('illScaled')}: numbers of very different sizes, but not so different that nothing is left.`,
    `${link('rayArbitrary')}: rays of every sort of {@link steplaw/laws!RaySort | ${code('RaySort')}}; ${link('raysArbitrary')}: the rays of a run.`,
    `${link('ruleExprArbitrary')}: rules, nested, with all words of the vocabulary.`,
    `${link('problemArbitrary')}: finite sums of quadratics whose smoothness, convexity, minimiser and gap are known exactly.`,
  ]),
  'What they draw shrinks: a number to a short one, a rule to `constant`, several rays to one.',
  '## What they can find',
  `For each, statements that are false in a way that matters, and the share of draws that refute them; in the last column what bit patterns, drawn by ${code('fc.double()')}, refute. Where a generator refutes 0 the statement is true of all that it draws. Shares are measured within ${WITHIN}, and every run of the tests holds them.`,
  table(['generator', 'statement, and the fault it stands for', 'refuted', 'by bits'], rows),
])
