// A made-up work-order file.
import type { ImportPreview } from '../types'
import { at } from './time'

/** Three rows that can be imported, or one of them wrong. */
export function samplePreview(bad = false): ImportPreview {
  const row = (line: number, no: string, customer: string, address: string) => ({
    line,
    no,
    customer,
    address,
    at: at('09:00', line - 1),
    job: 'install' as const,
    standard: '中国移动宽带装维',
  })
  return {
    token: 'preview-1',
    file: '派单-20261123.csv',
    encoding: 'GB18030',
    ready: [
      row(2, '20261123-0501', '冯女士', '春江路 12 号 4 幢 602 室'),
      row(3, '20261123-0502', '陈先生', '学府街 9 号'),
      ...(bad ? [] : [row(4, '20261123-0503', '褚女士', '文晖路 77 号 1 幢 1501 室')]),
    ],
    known: 1,
    errors: bad
      ? [
          { line: 4, column: '预约时间', value: '下午两点', reason: 'bad_time' },
          { line: 6, column: '规范', value: '联通', reason: 'unknown_standard' },
        ]
      : [],
  }
}
