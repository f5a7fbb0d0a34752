import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { labelled } from '../data/csv.js'
import { type Dataset, MAX_ENTRIES, onlyClasses } from '../data/dataset.js'
import { type IdxArray, idxDataset, parseIdx } from '../data/idx.js'
import { parseLibsvm } from '../data/libsvm.js'
import { type Parsed, refuse } from '../data/parsed.js'
import type { DataSpec } from '../data/spec.js'
import { parseTable, type Table } from '../data/table.js'
import { digitsModules, loadDigits } from './digits.js'
import { type ReadLimits, readBytes, readText } from './read.js'

/**
 * Limits of {@link loadData}, and how its errors name the data.
 *
 * @category Data
 * @since 0.1.0
 */
export interface LoadOptions extends ReadLimits {
  /** The name of the data in errors; default `'objective.data'`. */
  readonly at?: string
  /** The most entries (`rows * columns`) to make room for; default {@link MAX_ENTRIES}. */
  readonly maxEntries?: number
}

type Spec<As extends DataSpec['as']> = Extract<DataSpec, { readonly as: As }>

/** One file of the experiment: where it is, and how it is called. */
interface Source {
  readonly path: string
  readonly field: string
  readonly file: string
}

const loadLibsvm = (source: Source, { features }: Spec<'libsvm'>, options: LoadOptions): Parsed<Dataset> => {
  const text = readText(source.path, source.field, source.file, options)
  if (E.isLeft(text)) return text
  const { maxEntries = MAX_ENTRIES } = options
  return parseLibsvm(text.right, {
    name: source.file,
    maxEntries,
    ...(features === undefined ? {} : { features }),
  })
}

const loadTable = (source: Source, { maxEntries = MAX_ENTRIES, ...limits }: LoadOptions): Parsed<Table> => {
  const text = readText(source.path, source.field, source.file, limits)
  return E.isLeft(text) ? text : parseTable(text.right, { name: source.file, maxEntries })
}

/** A table without labels and a file with one label a line. */
const withLabels = (
  { matrix }: Table,
  labels: Table,
  source: Source,
  labelSource: Source,
): Parsed<Dataset> => {
  if (labels.matrix.columns !== 1) {
    return refuse(labelSource.file, `${labels.matrix.columns} columns`, 'one label a line')
  }
  return labels.matrix.rows === matrix.rows
    ? E.right({ name: source.file, features: matrix, targets: labels.matrix.values })
    : refuse(
        labelSource.file,
        `${labels.matrix.rows} labels`,
        `${matrix.rows}, one for each row of ${source.file}`,
      )
}

const loadCsv = (
  source: Source,
  labelSource: Source | undefined,
  { labels }: Spec<'csv'>,
  options: LoadOptions,
): Parsed<Dataset> => {
  const table = loadTable(source, options)
  if (E.isLeft(table)) return table
  const { header } = table.right
  if (labelSource !== undefined && typeof labels === 'string' && !header.includes(labels)) {
    if (!existsSync(labelSource.path)) {
      const columns =
        header.length === 0 ? 'a column (there is no header)' : `a column of ${header.join(', ')}`
      return refuse(labelSource.field, labels, `${columns}, or a file of labels`)
    }
    const separate = loadTable(labelSource, options)
    return E.isLeft(separate) ? separate : withLabels(table.right, separate.right, source, labelSource)
  }
  return labelled(source.file, table.right, labels, labelSource?.field)
}

const loadIdx = (images: Source, labels: Source, options: LoadOptions): Parsed<Dataset> => {
  const read = ({ path, field, file }: Source): Parsed<IdxArray> => {
    const bytes = readBytes(path, field, file, options)
    return E.isLeft(bytes)
      ? bytes
      : parseIdx(bytes.right, { name: file, maxEntries: options.maxEntries ?? MAX_ENTRIES })
  }
  const first = read(images)
  if (E.isLeft(first)) return first
  const second = read(labels)
  if (E.isLeft(second)) return second
  return idxDataset(first.right, second.right, { images: images.file, labels: labels.file })
}

const load = (spec: DataSpec, baseDir: string, at: string, options: LoadOptions): Parsed<Dataset> => {
  const source = (field: string, file: string): Source => ({
    path: resolve(baseDir, file),
    field: `${at}.${field}`,
    file,
  })
  switch (spec.as) {
    case 'libsvm':
      return loadLibsvm(source('file', spec.file), spec, options)
    case 'csv': {
      const labels = spec.labels === undefined ? undefined : source('labels', String(spec.labels))
      return loadCsv(source('file', spec.file), labels, spec, options)
    }
    case 'idx':
      return loadIdx(source('file', spec.file), source('labels', spec.labels), options)
    case 'mnist': {
      const all = loadDigits(digitsModules(baseDir), `${at}.as`, options.maxEntries)
      const { only } = spec
      return only === undefined ? all : E.map((data: Dataset) => onlyClasses(data, only))(all)
    }
  }
}

/**
 * Reads the data that an experiment file names; paths are relative to `baseDir`. The features are as they stand in the
 * file: standardising and the bias wait for the split, see {@link prepare}.
 *
 * Errors name the field of the experiment file (`objective.data.file`: no such file, too large, a gzip file that is cut
 * off), or the place in the data file (`train.csv:17:3`).
 *
 * @category Data
 * @since 0.1.0
 */
export const loadData = (spec: DataSpec, baseDir: string, options: LoadOptions = {}): Parsed<Dataset> => {
  const { at = 'objective.data' } = options
  const data = load(spec, baseDir, at, options)
  if (E.isLeft(data)) return data
  const { columns } = data.right.features
  return spec.features === undefined || spec.features === columns
    ? data
    : refuse(`${at}.features`, spec.features, `${columns}, the number of columns that the data has`)
}
