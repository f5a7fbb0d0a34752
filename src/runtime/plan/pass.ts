import { BLOCK } from '../../numeric/sum.js'
import { emitPairwise } from '../emit/sum.js'
import { emitMap } from '../kernel/map.js'
import { grainOf, passOf } from './cluster.js'
import type { Cluster } from './schedule.js'
import type { Argument, Step } from './step.js'
import { type Extent, fixed, type Steps, steps, type Writer } from './writer.js'

/** Elements of a long vector that a thread takes at least. */
const STRETCH = 512

/** A cluster as one pass over its elements. */
export const passSteps = (w: Writer, cluster: Cluster, extent: Extent): Steps => {
  const { at } = w.places
  const { spec, reads, writes } = passOf(cluster, w.cells, (value) => w.kept(value, cluster))
  const { columns } = cluster
  const kernel = w.kernel('map', (m, name, s) => emitMap(m, name, s, w.scalars), spec)
  // A row of a band may be several elements of a long vector.
  const factor = extent === null ? 1 : cluster.rows / extent.rows
  const items = cluster.rows / factor
  const width = factor * columns
  const blocks = Math.ceil(items / BLOCK)
  const sums: Step[] = []
  const inputs = spec.inputs.map((access, i): Argument => {
    const value = reads[i] ?? 0
    return access === 'full'
      ? w.row(value, 8 * width, extent)
      : access === 'row'
        ? w.row(value, 8, extent)
        : fixed(at(value))
  })
  const outputs = spec.outputs.map(({ to }, i): Argument => {
    const value = writes[i] ?? 0
    if (to === 'store') return w.row(value, 8 * width, extent)
    if (to !== 'blockSum') return w.row(value, 8, extent)
    if (blocks <= 1) return fixed(at(value))
    const partial = w.scratch(8 * blocks)
    sums.push(w.once(w.kernel('pairwise', emitPairwise, { inner: 1 }), [blocks, partial, at(value)], blocks))
    return { ...partial, block: BLOCK }
  })
  const summed = spec.outputs.some(({ to }) => to === 'blockSum')
  const grain = Math.max(1, Math.floor(grainOf(columns) / factor))
  const step: Step = {
    kernel,
    arguments: [{ count: factor }, ...inputs, ...outputs],
    items,
    unit: summed ? BLOCK : columns === 1 ? STRETCH : 1,
    grain,
    work: items * width * spec.equations.length,
  }
  return steps({ main: [step], after: sums })
}
