import { on } from './draws.js'
import type { RuleKit } from './kit.js'
import { equation, type Given, type Law } from './law.js'

type Sides = <R>(kit: RuleKit<R>, a: R, b: R, c: R, factor: number) => readonly [R, R]

const law = (
  id: string,
  statement: string,
  why: string,
  rules: ReadonlyArray<keyof Given>,
  sides: Sides,
  mutants: ReadonlyArray<string>,
): Law => ({
  id: `lattice.${id}`,
  of: 'rule',
  clause: 'rule.lattice',
  statement,
  why,
  source: 'Davey and Priestley 2002: outcomes are a chain, and functions into a chain a distributive lattice',
  hypotheses: '',
  slack: '',
  ...on([...rules, 'rays']),
  violation: equation(sides),
  mutants,
})

const never = <R>(kit: RuleKit<R>): R => kit.compile({ rule: 'never' })

const top = <R>(kit: RuleKit<R>): R => kit.compile({ rule: 'constant', step: Number.POSITIVE_INFINITY })

const one = ['a'] as const
const two = ['a', 'b'] as const
const three = ['a', 'b', 'c'] as const

/** Rules under `max` and `min` are a bounded distributive lattice. */
export const latticeLaws: ReadonlyArray<Law> = [
  law(
    'max.commutative',
    '$\\max(a, b) = \\max(b, a)$',
    'The order in which rules are written must not decide how far a run goes, nor whether a search in second place is asked at all.',
    two,
    ({ max }, a, b) => [max(a, b), max(b, a)],
    ['max.firstStep', 'max.first'],
  ),
  law(
    'max.associative',
    '$\\max(\\max(a, b), c) = \\max(a, \\max(b, c))$',
    'So `max` of a list is well defined, and a rule taken out into a constant of its own means what it meant inside.',
    three,
    ({ max }, a, b, c) => [max(max(a, b), c), max(a, max(b, c))],
    ['max.halvesSecond'],
  ),
  law(
    'max.idempotent',
    '$\\max(a, a) = a$',
    'A rule in its own company is itself: asking it twice neither costs probes nor moves its state twice.',
    one,
    ({ max }, a) => [max(a, a), a],
    ['max.doubles'],
  ),
  law(
    'max.unit',
    '$\\max(a, \\bot) = a$, where $\\bot$ = `never`',
    'A floor that can not be computed is no floor: failure stands below every step, even below the step 0.',
    one,
    (kit, a) => [kit.max(a, never(kit)), a],
    ['max.isMin', 'max.second'],
  ),
  law(
    'max.top',
    '$\\max(a, \\top) = \\top$, where $\\top$ = `constant{Infinity}`',
    'Together with the unit it makes the lattice bounded: `max` and `min` of no rules at all have a meaning.',
    one,
    (kit, a) => [kit.max(a, top(kit)), top(kit)],
    ['max.isMin', 'max.first'],
  ),
  law(
    'min.commutative',
    '$\\min(a, b) = \\min(b, a)$',
    'A cap before a rule and a cap behind it are the same cap.',
    two,
    ({ min }, a, b) => [min(a, b), min(b, a)],
    ['min.first'],
  ),
  law(
    'min.associative',
    '$\\min(\\min(a, b), c) = \\min(a, \\min(b, c))$',
    'So `min` of a list is well defined, and two caps can be merged into one.',
    three,
    ({ min }, a, b, c) => [min(min(a, b), c), min(a, min(b, c))],
    ['min.halvesSecond'],
  ),
  law(
    'min.idempotent',
    '$\\min(a, a) = a$',
    'A cap applied twice cuts once.',
    one,
    ({ min }, a) => [min(a, a), a],
    ['min.halvesSecond'],
  ),
  law(
    'min.unit',
    '$\\min(a, \\top) = a$',
    'An infinite cap is no cap: SPS with `cap: Infinity` is the Polyak step.',
    one,
    (kit, a) => [kit.min(a, top(kit)), a],
    ['min.isMax', 'min.second'],
  ),
  law(
    'min.bottom',
    '$\\min(a, \\bot) = \\bot$',
    'A safeguard that fails is not passed over: where the search under a cap found nothing, there is no step.',
    one,
    (kit, a) => [kit.min(a, never(kit)), never(kit)],
    ['min.isMax', 'min.ignoresFailure'],
  ),
  law(
    'absorption.max',
    '$\\max(a, \\min(a, b)) = a$',
    'It ties `max` and `min` to one order. With failure absorbing on both sides, as in many a `Maybe`, it breaks.',
    two,
    ({ max, min }, a, b) => [max(a, min(a, b)), a],
    ['min.isMax'],
  ),
  law(
    'absorption.min',
    '$\\min(a, \\max(a, b)) = a$',
    'The dual: together the two say that `max` and `min` mean the same order, in both directions.',
    two,
    ({ max, min }, a, b) => [min(a, max(a, b)), a],
    ['max.isMin', 'max.second'],
  ),
  law(
    'distributive.min',
    '$\\min(a, \\max(b, c)) = \\max(\\min(a, b), \\min(a, c))$',
    'A cap on the best of several is the best of the capped: caps can be moved inside and outside.',
    three,
    ({ max, min }, a, b, c) => [min(a, max(b, c)), max(min(a, b), min(a, c))],
    ['max.halvesSecond'],
  ),
  law(
    'distributive.max',
    '$\\max(a, \\min(b, c)) = \\min(\\max(a, b), \\max(a, c))$',
    'The dual, for floors. It is what makes an envelope the same whichever bound is applied first, as long as they do not cross.',
    three,
    ({ max, min }, a, b, c) => [max(a, min(b, c)), min(max(a, b), max(a, c))],
    ['min.ignoresFailure'],
  ),
]
