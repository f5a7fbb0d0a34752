import * as O from 'fp-ts/lib/Option.js'
import { descends, rule } from 'steplaw'

const claims = [{ claim: 'polyak', c: 0.5 }, { claim: 'recovers' }]

export const draft = {
  claims,
  rule: rule({
    name: 'smoothed',
    init: { last: 1 },
    reads: ['lowerBound'],
    step: ({ last }, ray) => {
      if (!descends(ray) || O.isNone(ray.lowerBound)) return [{ last }, null]
      const longest = (ray.value - ray.lowerBound.value) / (0.5 * -ray.slope)
      const size = Math.min(2 * last, longest)
      return [{ last: size }, size]
    },
  }),
}

export const smoothed = {
  claims,
  rule: rule({
    name: 'smoothed',
    init: { last: 1 },
    reads: ['lowerBound'],
    step: ({ last }, ray) => {
      if (!descends(ray) || O.isNone(ray.lowerBound)) return [{ last }, null]
      const gap = ray.value - ray.lowerBound.value
      const size = gap > 0 ? Math.min(2 * last, gap / (0.5 * -ray.slope)) : 0
      return [{ last: size > 0 ? size : last }, size]
    },
  }),
}
