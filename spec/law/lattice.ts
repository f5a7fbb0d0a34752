import type { RuleKit } from './kit.js'
import { equation, type Law } from './law.js'

const source =
  'Birkhoff, Lattice theory: outcomes are a chain, and functions into a chain a distributive lattice'

type Sides = <R>(kit: RuleKit<R>, a: R, b: R, c: R, factor: number) => readonly [R, R]

const law = (id: string, statement: string, sides: Sides, kills: ReadonlyArray<string>): Law => ({
  id: `lattice.${id}`,
  clause: 'rule.lattice',
  statement,
  source,
  violation: equation(sides),
  kills,
})

const never = <R>(kit: RuleKit<R>): R => kit.compile({ rule: 'never' })

const top = <R>(kit: RuleKit<R>): R => kit.compile({ rule: 'constant', step: Number.POSITIVE_INFINITY })

/** Rules under `max` and `min` are a bounded distributive lattice. */
export const latticeLaws: ReadonlyArray<Law> = [
  law('max.commutative', '$\\max(a, b) = \\max(b, a)$', ({ max }, a, b) => [max(a, b), max(b, a)], [
    'max.firstStep',
    'max.first',
  ]),
  law(
    'max.associative',
    '$\\max(\\max(a, b), c) = \\max(a, \\max(b, c))$',
    ({ max }, a, b, c) => [max(max(a, b), c), max(a, max(b, c))],
    ['max.halvesSecond'],
  ),
  law('max.idempotent', '$\\max(a, a) = a$', ({ max }, a) => [max(a, a), a], ['max.doubles']),
  law('max.unit', '$\\max(a, \\bot) = a$, where $\\bot$ = `never`', (kit, a) => [kit.max(a, never(kit)), a], [
    'max.isMin',
    'max.second',
  ]),
  law(
    'max.top',
    '$\\max(a, \\top) = \\top$, where $\\top$ = `constant{Infinity}`',
    (kit, a) => [kit.max(a, top(kit)), top(kit)],
    ['max.isMin', 'max.first'],
  ),
  law('min.commutative', '$\\min(a, b) = \\min(b, a)$', ({ min }, a, b) => [min(a, b), min(b, a)], [
    'min.first',
  ]),
  law(
    'min.associative',
    '$\\min(\\min(a, b), c) = \\min(a, \\min(b, c))$',
    ({ min }, a, b, c) => [min(min(a, b), c), min(a, min(b, c))],
    ['min.halvesSecond'],
  ),
  law('min.idempotent', '$\\min(a, a) = a$', ({ min }, a) => [min(a, a), a], ['min.halvesSecond']),
  law('min.unit', '$\\min(a, \\top) = a$', (kit, a) => [kit.min(a, top(kit)), a], [
    'min.isMax',
    'min.second',
  ]),
  law('min.bottom', '$\\min(a, \\bot) = \\bot$', (kit, a) => [kit.min(a, never(kit)), never(kit)], [
    'min.isMax',
    'min.ignoresFailure',
  ]),
  law('absorption.max', '$\\max(a, \\min(a, b)) = a$', ({ max, min }, a, b) => [max(a, min(a, b)), a], [
    'min.isMax',
  ]),
  law('absorption.min', '$\\min(a, \\max(a, b)) = a$', ({ max, min }, a, b) => [min(a, max(a, b)), a], [
    'max.isMin',
    'max.second',
  ]),
  law(
    'distributive.min',
    '$\\min(a, \\max(b, c)) = \\max(\\min(a, b), \\min(a, c))$',
    ({ max, min }, a, b, c) => [min(a, max(b, c)), max(min(a, b), min(a, c))],
    ['max.halvesSecond'],
  ),
  law(
    'distributive.max',
    '$\\max(a, \\min(b, c)) = \\min(\\max(a, b), \\max(a, c))$',
    ({ max, min }, a, b, c) => [max(a, min(b, c)), min(max(a, b), max(a, c))],
    ['min.ignoresFailure'],
  ),
]
