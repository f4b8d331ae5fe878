import { expect, test } from 'vitest'
import { samplePreview } from '@/backend/fake/import'
import { open } from '@/testing'

const file = (words = 'x'): File => new File([words], '派单.csv', { type: 'text/csv' })

test('the file is looked at first, then imported', async () => {
  const { give, tap, words, has, router } = await open('/import')
  expect(has('import-commit'), 'nothing to import before a file is chosen').toBe(false)
  await give('import-file', file())
  expect(words('import-name')).toBe('派单.csv · GB18030')
  expect(words('import-ready')).toContain('可以导入 3 单')
  expect(words('import-known')).toContain('1 单')
  await tap('import-commit')
  expect(words('import-done')).toContain('导入了 3 单')
  await tap('import-to-today')
  expect(router.currentRoute.value.name).toBe('today')
})

test('one wrong row blocks the whole file and names row, column and reason', async () => {
  const { give, words, page } = await open('/import', { preview: samplePreview(true) })
  await give('import-file', file())
  expect(words('import-error-4')).toContain('预约时间：时间要写成 2026-11-22 14:00')
  expect(words('import-error-4')).toContain('写的是「下午两点」')
  expect(words('import-error-6')).toContain('平板上没有这个服务规范')
  expect(page.get('[data-testid="import-commit"]').attributes('disabled')).toBeDefined()
  expect(words('import-commit')).toBe('先改好 2 处错误')
})

test('an empty file says that nothing was imported', async () => {
  const { give, words, has } = await open('/import')
  await give('import-file', file(''))
  expect(words('error-what')).toBe('这个文件是空的')
  expect(words('error-safe')).toBe('一条也没有导入')
  expect(has('import-ready')).toBe(false)
})

test('the same file twice brings nothing new', async () => {
  const preview = { ...samplePreview(), ready: [], known: 4 }
  const { give, words, has } = await open('/import', { preview })
  await give('import-file', file())
  expect(words('import-nothing')).toContain('没有新的工单')
  expect(has('import-commit')).toBe(false)
})
