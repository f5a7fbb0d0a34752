export type { FigureName, RawResults, ReportData, RunReport, RunSummary, TracePoint } from './data.js'
export { figureNames, twoLevels } from './data.js'
export { renderReport } from './page.js'
export { renderTable } from './terminal.js'
