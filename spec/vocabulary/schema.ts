import { type AnyField, describe, scalarSchema } from './field.js'
import type { Json } from './json.js'
import type { AnyRow, AnyRows } from './row.js'

type Schema = { readonly [key: string]: Json }

/** The JSON Schema (draft 2020-12) of a vocabulary, one `$defs` entry per tag. */
export const vocabularySchema = (tagKey: string, title: string, rows: AnyRows): Schema => {
  const self = { $ref: '#' }
  const fieldSchema = (f: AnyField): Schema => {
    if (f.field === 'operand') return self
    if (f.field === 'operands') return { type: 'array', items: self, minItems: 1 }
    if (f.field === 'optional') return { anyOf: [{ type: 'null' }, self], default: null }
    if (f.field === 'numbers') {
      const each = scalarSchema({ field: 'number', interval: f.interval, default: undefined })
      return { description: describe(f), type: 'array', items: each, minItems: 1 }
    }
    return { description: describe(f), ...scalarSchema(f) }
  }
  const tagSchema = (tag: string, row: AnyRow): Schema => ({
    type: 'object',
    properties: {
      [tagKey]: { const: tag },
      ...Object.fromEntries(Object.entries(row).map(([key, f]) => [key, fieldSchema(f)])),
    },
    required: [tagKey, ...Object.entries(row).flatMap(([key, f]) => (f.default === undefined ? [key] : []))],
    additionalProperties: false,
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    oneOf: Object.keys(rows).map((tag) => ({ $ref: `#/$defs/${tag}` })),
    $defs: Object.fromEntries(Object.entries(rows).map(([tag, row]) => [tag, tagSchema(tag, row)])),
  }
}
