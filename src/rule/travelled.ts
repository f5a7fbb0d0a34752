import * as t from 'io-ts'
import { decodeNumber, type EncodedNumber, encodeNumber } from '../../spec/vocabulary/number.js'
import { done } from '../program/program.js'
import { encodedSum, length } from './encodedNumber.js'
import { fail, step } from './outcome.js'
import type { Machine } from './rule.js'

type Travelled = [r: number, sum: EncodedNumber]

/**
 * The definition that DoG and DoWG share: with $r$ the longest way so far, from `repsilon`, and $G$ the sum of
 * $w(r_j)\,\|g_j\|^2$, the step is $s(r)/\sqrt{G + \varepsilon}$.
 */
export const overGradients = (
  { repsilon, epsilon }: { readonly repsilon: number; readonly epsilon: number },
  { weight, size }: { readonly weight: (r: number) => number; readonly size: (r: number) => number },
): Pick<Machine<Travelled>, 'reads' | 'init' | 'state' | 'step'> => ({
  reads: ['gg', 'travelled'],
  init: [repsilon, 0],
  state: t.tuple([length, encodedSum]),
  step: (own, { gg, travelled }) => {
    if (!Number.isFinite(gg) || !Number.isFinite(travelled)) return done([own, fail('readingNotFinite')])
    const r = Math.max(own[0], travelled)
    const sum = decodeNumber(own[1]) + weight(r) * gg
    const root = Math.sqrt(sum + epsilon)
    return done([[r, encodeNumber(sum)], root === 0 ? fail('nothingGathered') : step(size(r) / root)])
  },
})
