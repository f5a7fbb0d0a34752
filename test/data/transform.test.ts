import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type Dataset, dataset, takeRows } from '../../src/problem/data/dataset.js'
import { classLabels, signLabels } from '../../src/problem/data/labels.js'
import { prepare } from '../../src/problem/data/prepare.js'
import { split } from '../../src/problem/data/split.js'
import { moments, standardise, withBias } from '../../src/problem/data/standardise.js'
import { fields, left, matrix, right, rowsOf } from './support.js'

/** Entries whose differences are zero or above 1e-100, so that no variance underflows. */
const moderate = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => (Math.abs(x) < 1e-80 ? 0 : x)),
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: -1, max: 1, noNaN: true }).map((x) => 1e9 + x),
)

const toDataset = (rows: ReadonlyArray<ReadonlyArray<number>>): Dataset => {
  const columns = rows[0]?.length ?? 0
  const features = { rows: rows.length, columns, values: Float64Array.from(rows.flat()) }
  return dataset(
    'd',
    features,
    Float64Array.from(rows, (_, i) => i),
  )
}

const datasets = matrix({ min: 1, max: 12 }, { min: 1, max: 4 }, moderate).map(toDataset)

const columnOf = (data: Dataset, j: number): ReadonlyArray<number> =>
  rowsOf(data).map((row) => row[j] ?? Number.NaN)

const total = (xs: ReadonlyArray<number>): number => xs.reduce((a, b) => a + b, 0)

const seed = fc.integer()

describe('datasets', () => {
  test.prop([datasets, fc.array(fc.nat(), { minLength: 1 })])(
    'rows are taken in their order',
    (data, indices) => {
      const chosen = indices.map((i) => i % data.features.rows)
      const taken = takeRows(data, Int32Array.from(chosen))
      expect(rowsOf(taken)).toEqual(chosen.map((i) => rowsOf(data)[i]))
      expect(Array.from(taken.targets)).toEqual(chosen)
      expect(takeRows(data, chosen)).toEqual(taken)
    },
  )

  test('nonsense is refused by name', () => {
    const one = { rows: 1, columns: 1, values: Float64Array.of(1) }
    const make = (features: typeof one, targets: Float64Array) => () => dataset('d', features, targets)
    expect(make({ ...one, rows: 0 }, Float64Array.of(1))).toThrow(/^rows/)
    expect(make({ ...one, columns: 0.5 }, Float64Array.of(1))).toThrow(/^columns/)
    expect(make({ ...one, columns: 2 }, Float64Array.of(1))).toThrow(/^values/)
    expect(make({ ...one, values: Float64Array.of(Number.NaN) }, Float64Array.of(1))).toThrow(/^values\[0\]/)
    expect(make(one, Float64Array.of(1, 2))).toThrow(/^targets/)
    expect(make(one, Float64Array.of(Number.POSITIVE_INFINITY))).toThrow(/^targets\[0\]/)
    const data = dataset('d', one, Float64Array.of(1))
    expect(() => takeRows(data, [1])).toThrow(/^indices\[0\]/)
    expect(() => takeRows(data, [0, -1])).toThrow(/^indices\[1\]/)
    expect(() => takeRows(data, [0.5])).toThrow(RangeError)
    expect(() => takeRows(data, [])).toThrow(/^indices/)
  })
})

describe('standardising', () => {
  // Per entry the mean is off by at most a few roundings of the largest difference within the column, and subtracting
  // it by half an ulp of the entry; 1e-12 of the column's spread, and 1e-15 of its size, is generous for 12 rows.
  test.prop([datasets])('columns get mean 0 and variance 1, constant ones become zeros', (data) => {
    const { means, deviations } = moments(data)
    const scaled = standardise({ means, deviations })(data)
    const n = data.features.rows
    for (let j = 0; j < data.features.columns; j++) {
      const [before, after] = [columnOf(data, j), columnOf(scaled, j)]
      if (before.every((x) => x === before[0])) {
        expect(means[j]).toBe(before[0])
        expect(after.every((z) => z === 0)).toBe(true)
      } else {
        const size = Math.max(...before.map(Math.abs)) / (deviations[j] ?? 0)
        const slack = 1e-12 + 1e-15 * size
        expect(Math.abs(total(after) / n)).toBeLessThanOrEqual(slack)
        expect(Math.abs(total(after.map((z) => z * z)) / n - 1)).toBeLessThanOrEqual(4 * slack * (1 + slack))
      }
    }
  })

  test.prop([datasets])('it undoes: x = mean + deviation * z', (data) => {
    const { means, deviations } = moments(data)
    const scaled = standardise({ means, deviations })(data)
    rowsOf(data).forEach((row, i) => {
      row.forEach((x, j) => {
        const z = rowsOf(scaled)[i]?.[j] ?? Number.NaN
        const mean = means[j] ?? Number.NaN
        expect(Math.abs(mean + (deviations[j] ?? Number.NaN) * z - x)).toBeLessThanOrEqual(
          1e-15 * (Math.abs(x) + 4 * Math.abs(mean)),
        )
      })
    })
  })

  test('a column out of range is refused by its number', () => {
    const wide = toDataset([
      [1, 1e200],
      [2, -1e200],
    ])
    const narrow = toDataset([
      [1, 1e-200],
      [2, 2e-200],
    ])
    expect(() => moments(wide)).toThrow(/^standardise: column 1/)
    expect(() => moments(narrow)).toThrow(/^standardise: column 1/)
    expect(() => standardise(moments(toDataset([[1]])))(wide)).toThrow(/^standardise: got 2 columns/)
    const tiny = moments(toDataset([[0], [1e-150]]))
    expect(() => standardise(tiny)(toDataset([[1e200]]))).toThrow(/^standardise: column 0/)
    expect(fields(prepare({ standardise: true }, wide, null, 'objective.data'))).toEqual([
      'objective.data.standardise',
    ])
  })

  test.prop([datasets])('the bias is a last column of ones', (data) => {
    expect(rowsOf(withBias(data))).toEqual(rowsOf(data).map((row) => [...row, 1]))
  })
})

const shares = fc.record(
  {
    test: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 60 })),
    validation: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 60 })),
    seed,
  },
  { requiredKeys: ['test', 'seed'] },
)

describe('splits', () => {
  test.prop([shares, fc.integer({ min: 1, max: 100 })], { numRuns: 500 })(
    'the parts are disjoint, hold every row, and have the sizes asked for',
    (spec, rows) => {
      const count = (q: number | undefined) => (q === undefined ? 0 : q < 1 ? Math.round(q * rows) : q)
      const [tested, validated] = [count(spec.test), count(spec.validation)]
      const fits =
        tested >= 1 && (spec.validation === undefined || validated >= 1) && tested + validated < rows
      const parts = split(spec, rows)
      if (!fits) {
        expect(left(parts).every((e) => /^split\.(test|validation)$/.test(e.field))).toBe(true)
        return
      }
      const { train, validation, test: kept } = right(parts)
      expect([kept.length, validation.length]).toEqual([tested, validated])
      const all = [...train, ...validation, ...kept]
      expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i))
      expect(right(split(spec, rows))).toEqual(right(parts))
    },
  )

  test.prop([seed, fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 })])(
    'the test rows do not depend on the validation rows',
    (s, kept, validated) => {
      const alone = right(split({ test: kept, seed: s }, 30))
      const both = right(split({ test: kept, validation: validated, seed: s }, 30))
      expect(both.test).toEqual(alone.test)
    },
  )

  test('what does not fit is refused by its field', () => {
    expect(fields(split({ test: 10, seed: 1 }, 10))).toEqual(['split.test'])
    expect(fields(split({ test: 6, validation: 4, seed: 1 }, 10))).toEqual(['split.validation'])
    expect(fields(split({ test: 0.01, seed: 1 }, 10))).toEqual(['split.test'])
    expect(fields(split({ test: 0, validation: -1, seed: 0.5 }, 10, 's'))).toEqual([
      's.test',
      's.validation',
      's.seed',
    ])
    expect(fields(split({ test: 1.5, seed: 1 }, 10))).toEqual(['split.test'])
    expect(fields(split({ test: Number.NaN, seed: 1 }, 10))).toEqual(['split.test'])
  })
})

describe('preparing', () => {
  test.prop([datasets, datasets, seed, fc.boolean(), fc.boolean()])(
    'nothing of the test rows reaches the training rows',
    (data, other, s, scaled, bias) => {
      const parts = split({ test: 0.4, seed: s }, data.features.rows)
      if (parts._tag === 'Left') return
      // The same training rows, other test rows.
      const changed = rowsOf(data).map((row, i) =>
        parts.right.test.includes(i)
          ? row.map((_, j) => other.features.values[(i + j) % other.features.rows] ?? 0)
          : row,
      )
      const first = right(prepare({ standardise: scaled, bias }, data, parts.right))
      const second = right(prepare({ standardise: scaled, bias }, toDataset(changed), parts.right))
      expect(second.train).toEqual(first.train)
      expect(first.test?.features.columns).toBe(first.train.features.columns)
      expect(first.train.features.columns).toBe(data.features.columns + (bias ? 1 : 0))
      expect(Array.from(first.test?.targets ?? [])).toEqual(Array.from(parts.right.test))
      expect(first.validation).toBeNull()
    },
  )

  test('test rows are scaled by the moments of the training rows', () => {
    const data = toDataset([[1], [5], [7]])
    const parts = { train: Int32Array.of(0, 1), validation: Int32Array.of(2), test: Int32Array.of(2) }
    const prepared = right(prepare({ standardise: true, bias: true }, data, parts))
    expect(rowsOf(prepared.train)).toEqual([
      [-1, 1],
      [1, 1],
    ])
    expect(prepared.test === null ? [] : rowsOf(prepared.test)).toEqual([[2, 1]])
    expect(prepared.validation).toEqual(prepared.test)
  })

  test('without a split all rows train', () => {
    const data = toDataset([[1], [5]])
    expect(right(prepare({}, data, null))).toEqual({ train: data, validation: null, test: null })
  })
})

describe('labels', () => {
  const pairs = fc.constantFrom<readonly [number, number]>([-1, 1], [0, 1], [1, 2])

  test.prop([pairs, fc.array(fc.boolean(), { minLength: 1 })])(
    'two classes become signs',
    (pair, positive) => {
      const both = [...positive, true, false]
      const targets = Float64Array.from(both, (p) => pair[p ? 1 : 0])
      expect(Array.from(right(signLabels(targets)))).toEqual(both.map((p) => (p ? 1 : -1)))
    },
  )

  test('other labels are refused by their row', () => {
    expect(fields(signLabels(Float64Array.of(1, -1, 3), 'd'))).toEqual(['d[2]'])
    expect(fields(signLabels(Float64Array.of(1, 0.5)))).toEqual(['targets[1]'])
    expect(fields(signLabels(Float64Array.of(-1, 0, 1)))).toEqual(['targets'])
    expect(fields(signLabels(Float64Array.of(0, 2)))).toEqual(['targets'])
    expect(fields(signLabels(Float64Array.of(-1, Number.NaN)))).toEqual(['targets[1]'])
    expect(right(signLabels(Float64Array.of(1, 1)))).toEqual(Float64Array.of(1, 1))
    expect(right(signLabels(Float64Array.of(2)))).toEqual(Float64Array.of(1))
    expect(right(signLabels(Float64Array.of(-0, 1)))).toEqual(Float64Array.of(-1, 1))
  })

  test.prop([
    fc.integer({ min: 2, max: 6 }).chain((classes) =>
      fc.record({
        classes: fc.constant(classes),
        labels: fc.array(fc.nat({ max: classes - 1 })).map((some) => [...Array(classes).keys(), ...some]),
        base: fc.constantFrom(0, 1),
        given: fc.boolean(),
      }),
    ),
  ])('classes count from 0, wherever they counted from', ({ classes, labels, base, given }) => {
    const read = right(
      classLabels(
        Float64Array.from(labels, (c) => c + base),
        given ? classes : undefined,
      ),
    )
    expect(read).toEqual({ labels: Int32Array.from(labels), classes })
  })

  test('other classes are refused', () => {
    const at = (labels: ReadonlyArray<number>, classes?: number) =>
      fields(classLabels(Float64Array.from(labels), classes, 'd'))
    expect(at([0, 1, 0.5])).toEqual(['d[2]'])
    expect(at([0, 1, -1])).toEqual(['d[2]'])
    expect(at([0, Number.NaN])).toEqual(['d[1]'])
    expect(at([0, 1, 3])).toEqual(['d'])
    expect(at([2, 3])).toEqual(['d'])
    expect(at([0, 0])).toEqual(['d'])
    expect(at([0, 1, 2], 2)).toEqual(['d[0]'])
    expect(at([1, 5], 3)).toEqual(['d[1]'])
    expect(at([0, 1], 1)).toEqual(['classes'])
    expect(at([1e300, 0])).toEqual(['d[0]'])
    expect(right(classLabels(Float64Array.of(0, 3), 10)).labels).toEqual(Int32Array.of(0, 3))
    expect(right(classLabels(Float64Array.of(1, 3), 10)).labels).toEqual(Int32Array.of(1, 3))
    expect(right(classLabels(Float64Array.of(1, 3), 3)).labels).toEqual(Int32Array.of(0, 2))
  })
})
