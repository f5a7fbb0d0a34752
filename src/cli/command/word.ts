/** A word for a shell: quoted if a shell would read more in it. */
export const word = (text: string): string =>
  /^[\w./:@%+,=-][\w./:@%+,=#-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
