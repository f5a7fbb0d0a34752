import fc from 'fast-check'
import * as t from 'io-ts'
import { type RayCase, rayCase } from '../../../spec/conformance/case.js'
import { rayArbitrary } from '../../../spec/law/arbitrary/ray.js'
import type { Json } from '../../../spec/vocabulary/json.js'
import { type Ray, takeStep, takeSteps } from '../../rule/ray.js'
import { rayOf } from '../../rule/rayCase.js'
import type { Rule } from '../../rule/rule.js'
import { type Comparison, equal } from '../card/evidence.js'
import { magnitudes } from './parameter.js'

/** A step as a number: a failure is below every step. */
export const rankOf = (step: number | null): number => step ?? -1

/** The step of a rule on a plain ray. */
export const plainStep = (rule: Rule): number => rankOf(takeStep(rule, { value: 1, slope: -1 }).step)

/** The steps of a rule on one ray after the other. */
export const stepsOn = (rule: Rule, rays: ReadonlyArray<RayCase>): ReadonlyArray<number | null> =>
  takeSteps(rule, rays.map(rayOf)).map(({ step }) => step)

/** Two rules answer alike, in every bit, on a sequence of rays. */
export const sameSteps = (
  at: string,
  left: ReadonlyArray<number | null>,
  right: ReadonlyArray<number | null>,
): ReadonlyArray<Comparison> =>
  left.map((step, k) => equal(`${at}, ray ${k}`, rankOf(step), rankOf(right[k] ?? null)))

/** Rays as data, with what is no number in words. */
export const showRays = (rays: ReadonlyArray<RayCase>): Json => t.readonlyArray(rayCase).encode(rays) as Json

/** A few rays of every sort in a row. */
export const anyRays = (): fc.Arbitrary<ReadonlyArray<RayCase>> =>
  fc.array(rayArbitrary(), { minLength: 1, maxLength: 5 })

/** A descending ray with a positive gap: all that a closed form of Polyak steps reads. */
export type Descent = Pick<Ray, 'value' | 'slope'>

/** Some of them in a row. */
export const descents = (): fc.Arbitrary<ReadonlyArray<Descent>> =>
  fc.array(fc.record({ value: magnitudes(), slope: magnitudes().map((s) => -s) }), {
    minLength: 2,
    maxLength: 9,
  })

/** Their data. */
export const showDescents = (rays: ReadonlyArray<Descent>): Json =>
  rays.map(({ value, slope }) => ({ value, slope }))
