/**
 * Imports what somebody else named: `file:///a/b.mjs#name`, or without a name the default export. A thread can be sent data only, so
 * a function reaches it by the module that holds it.
 *
 * @throws RangeError if the module exports nothing of this name; rejects as the import does
 */
export const importExport = async (reference: string): Promise<unknown> => {
  const at = reference.lastIndexOf('#')
  const [href, name] = at < 0 ? [reference, ''] : [reference.slice(0, at), reference.slice(at + 1)]
  const exported: { readonly [name: string]: unknown } = await import(href)
  const wanted = name === '' ? 'default' : name
  if (!Object.hasOwn(exported, wanted))
    throw new RangeError(
      `${href}: exports ${Object.keys(exported).join(', ') || 'nothing'}, expected ${wanted}`,
    )
  return exported[wanted]
}
