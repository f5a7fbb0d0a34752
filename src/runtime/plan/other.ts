import { sliding } from '../../autodiff/window.js'
import { BLOCK } from '../../numeric/sum.js'
import { emitCopy, emitFill } from '../emit/copy.js'
import { emitGather, emitPick, emitPlace, emitScatterAdd } from '../emit/indexed.js'
import { emitMax } from '../emit/maximum.js'
import { movementOf } from '../emit/movement.js'
import { emitSum, sumScratch } from '../emit/sum.js'
import { emitCholesky, emitSolveTriangular } from '../emit/triangular.js'
import { emitOverlay, emitPatches } from '../emit/window.js'
import { grainOf } from './cluster.js'
import type { OtherNode } from './node.js'
import type { Step } from './step.js'
import { COUNT, type Extent, fixed, type Steps, steps, type Writer } from './writer.js'

/** Elements of a long vector that a thread takes at least. */
const STRETCH = 512

/** Elements of windows that one call takes. */
const WINDOWS = 2 ** 15

/** An equation that has a kernel of its own. */
export const otherSteps = (
  w: Writer,
  { equation: e, shapes, inputs, output }: OtherNode,
  extent: Extent,
): Steps => {
  const { at, flag } = w.places
  const place = (i: number): number => at(inputs[i]?.value ?? 0)
  const out = at(output)
  const shape = shapes[0] ?? []
  const [rows = 0] = shape
  const elements = w.cells[output]?.size ?? 0
  const movement = movementOf(e, shapes)
  if (movement !== null) {
    const fill = w.kernel('fill', (module, name) => emitFill(module, name, 0), 0)
    const copies = movement.copies.map(({ input, from, to, count, spec }): Step => {
      const { element, rows: strides } = spec
      return {
        kernel: w.kernel('copy', emitCopy, spec),
        arguments: [
          COUNT,
          { at: place(input) + element * from, item: element * strides.from },
          { at: out + element * to, item: element * strides.to },
        ],
        items: count,
        unit: 1,
        grain: Math.max(1, Math.ceil((4 * BLOCK * count) / Math.max(1, elements))),
        work: elements,
      }
    })
    return steps({ before: movement.zero ? [w.once(fill, [elements, out], elements)] : [], main: copies })
  }
  const width = shape.slice(1).reduce((p, q) => p * q, 1)
  switch (e.primitive) {
    case 'sum':
    case 'max': {
      const [first = 0] = e.params.axes
      const outer = shape.slice(0, first).reduce((p, q) => p * q, 1)
      const count = shape.slice(first, first + e.params.axes.length).reduce((p, q) => p * q, 1)
      const inner = outer * count === 0 ? 0 : shape.reduce((p, q) => p * q, 1) / (outer * count)
      if (e.primitive === 'max')
        return steps({
          main: [
            w.once(
              w.kernel('max', emitMax, { inner }),
              [outer, count, place(0), out, 0],
              outer * count * inner,
            ),
          ],
        })
      const room = w.scratch(8 * sumScratch(count, { inner }))
      return steps({
        main: [
          w.once(
            w.kernel('sum', emitSum, { inner }),
            [outer, count, place(0), out, room],
            outer * count * inner,
          ),
        ],
      })
    }
    case 'gather': {
      const element = e.type === 'f64' ? 8 : 4
      const kernel = w.kernel('gather', emitGather, { limit: rows, width, element } as const)
      const count = e.shape[0] ?? 0
      return steps({
        main: [
          {
            kernel,
            arguments: [
              COUNT,
              fixed(place(0)),
              w.row(inputs[1]?.value ?? 0, 4, extent),
              w.row(output, element * width, extent),
              fixed(flag),
            ],
            items: count,
            unit: 1,
            grain: grainOf(Math.max(2, width)),
            work: elements,
          },
        ],
      })
    }
    case 'scatterAdd': {
      const kernel = w.kernel('scatterAdd', emitScatterAdd, { limit: e.params.rows, width })
      return steps({ main: [w.once(kernel, [rows, place(0), place(1), out, flag, 0], rows * width)] })
    }
    case 'pick':
    case 'place': {
      const columns = e.primitive === 'pick' ? width : e.params.columns
      const kernel =
        e.primitive === 'pick'
          ? w.kernel('pick', emitPick, { columns })
          : w.kernel('place', emitPlace, { columns })
      const [from, to] = e.primitive === 'pick' ? [8 * columns, 8] : [8, 8 * columns]
      return steps({
        main: [
          {
            kernel,
            arguments: [
              COUNT,
              w.row(inputs[0]?.value ?? 0, from, extent),
              w.row(inputs[1]?.value ?? 0, 4, extent),
              w.row(output, to, extent),
              fixed(flag),
            ],
            items: rows,
            unit: STRETCH,
            grain: BLOCK,
            work: rows,
          },
        ],
      })
    }
    case 'patches':
    case 'overlay': {
      const { window, stride } = e.params
      const cut = e.primitive === 'patches'
      // What is known of one image; how many there are is in the number of items.
      const s = { ...sliding(e.primitive, cut ? shape : e.shape, window, stride), images: 1 }
      const kernel = cut ? w.kernel('patches', emitPatches, s) : w.kernel('overlay', emitOverlay, s)
      const across = e.shape[3] ?? 0
      return steps({
        main: [
          {
            kernel,
            arguments: [COUNT, { first: true }, fixed(place(0)), w.row(output, 8 * across, extent)],
            items: across === 0 ? 0 : elements / across,
            unit: 1,
            grain: Math.max(1, Math.floor(WINDOWS / (s.tall * s.wide * Math.max(1, s.channels)))),
            work: elements,
          },
        ],
      })
    }
    case 'cholesky':
      return steps({
        main: [
          w.once(w.kernel('cholesky', emitCholesky, { n: rows }), [place(0), out], (rows * rows * rows) / 3),
        ],
      })
    case 'solveTriangular': {
      const [n = 0, columns = 0] = e.shape
      const kernel = w.kernel('solveTriangular', emitSolveTriangular, { n, columns, ...e.params })
      return steps({ main: [w.once(kernel, [place(0), place(1), out], rows * elements)] })
    }
    default:
      throw new RangeError(`plan: no kernel for ${e.primitive}`)
  }
}
