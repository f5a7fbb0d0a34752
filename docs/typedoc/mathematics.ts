/** `$...$` and `$$...$$` become MathML while the site is built: no script, no web font, nothing to load. */
import { createRequire } from 'node:module'
import katex from 'katex'
import type MarkdownIt from 'markdown-it'
import type { PluginWithOptions } from 'markdown-it'

// Required, not imported: the plugin is CommonJS and its types name the CommonJS half of markdown-it's.
const plugin: { readonly default: PluginWithOptions<{ readonly katex: typeof katex }> } = createRequire(
  import.meta.url,
)('@vscode/markdown-it-katex')

/** KaTeX leaves the space before the name of a function, as in $c \max$, to its style sheet, which the site has not. */
const spaced = (mathml: string): string =>
  mathml.replace(/(<\/m[in]>)(<mi>[a-z]{2,}<\/mi><mo>\u2061<\/mo>)/g, '$1<mspace width="0.167em"/>$2')

/**
 * The plugin turns an error into a red span and a line on the console; a formula that does not parse shall fail the
 * build, so the errors are reported where they arise.
 */
export const mathematics =
  (report: (message: string) => void) =>
  (md: MarkdownIt): void => {
    const checked: typeof katex = {
      ...katex,
      renderToString: (tex, options) => {
        try {
          const given = { ...options, output: 'mathml', throwOnError: true, strict: 'error' } as const
          return spaced(katex.renderToString(tex, given))
        } catch (error) {
          report(`in $${tex}$: ${error instanceof Error ? error.message : String(error)}`)
          return ''
        }
      },
    }
    md.use(plugin.default, { katex: checked })
  }
