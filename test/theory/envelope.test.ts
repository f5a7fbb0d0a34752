import {
  type Clamp,
  clampBy,
  composition,
  duality,
  type Envelope,
  homogeneous,
  idempotent,
  intersection,
  lipschitz,
  monotone,
  orderOfBounds,
} from '../../src/theory/theorem/clamp.js'
import { idempotentOnRules, minOfMax } from '../../src/theory/theorem/envelope.js'
import { combining } from './mutants.js'
import { prove } from './prove.js'

/** An envelope that does arithmetic of its own; null is a failure. */
const envelopeLike =
  (name: string, f: (l: number | null, p: number | null, h: number | null) => number | null): Envelope =>
  ({ lower, proposal, upper }) =>
    combining(name, [lower, proposal, upper], ([l = null, p = null, h = null]) => f(l, p, h))

const raised = (l: number | null, p: number | null): number | null =>
  l === null ? p : p === null ? l : Math.max(l, p)

const cut = (p: number | null, h: number | null): number | null =>
  h === null || p === null ? null : Math.min(p, h)

const envelopes = {
  /** The lower bound applied last, so that it wins where the bounds cross: numpy's order is the other one. */
  lowWins: envelopeLike('lowWins', (l, p, h) => raised(l, cut(p, h))),
  /** The bounds given in the wrong order, as to a `clip(x, max, min)`. */
  swapped: envelopeLike('swapped', (l, p, h) => cut(raised(h, p), l)),
  /** A step out of range sends the search back to its lower end, as a reset does. */
  resets: envelopeLike('resets', (l, p, h) =>
    p !== null && h !== null && p > h ? cut(l, h) : cut(raised(l, p), h),
  ),
  /** A small number added "for stability". */
  padded: envelopeLike('padded', (l, p, h) => {
    const kept = cut(raised(l, p), h)
    return kept === null ? null : kept + 1e-8
  }),
  /** A failed proposal fails the envelope instead of falling back to the lower bound. */
  failurePasses: envelopeLike('failurePasses', (l, p, h) => (p === null ? null : cut(raised(l, p), h))),
}

const padded: Clamp = clampBy(envelopes.padded)
const resets: Clamp = clampBy(envelopes.resets)

prove(idempotent, { padded })
prove(monotone, { resets })
prove(lipschitz, { resets })
prove(homogeneous, { padded })
prove(orderOfBounds, {
  lowWins: clampBy(envelopes.lowWins),
  swapped: clampBy(envelopes.swapped),
  failurePasses: clampBy(envelopes.failurePasses),
})
prove(composition, { resets })
prove(intersection, { resets })
prove(duality, { resets, padded })
prove(minOfMax, { lowWins: envelopes.lowWins, failurePasses: envelopes.failurePasses })
prove(idempotentOnRules, { padded: envelopes.padded })
