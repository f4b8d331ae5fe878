import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import type { JobType, PackChoice } from '@/backend'
import StandardPicker from './StandardPicker.vue'

const pack = (id: string, name: string, aliases: string[], jobs: JobType[]): PackChoice => ({
  id,
  name_zh: name,
  name_en: id,
  aliases,
  jobs,
})
const both: JobType[] = ['install', 'repair']
const PACKS = [
  pack('mobile', '中国移动宽带装维', ['移动', 'CMCC'], both),
  pack('telecom', '中国电信装移修十四步', ['电信'], both),
  pack('hebei', '河北电信装维', ['河北电信'], both),
  pack('gree-repair', '格力空调维修', ['格力售后'], ['repair']),
  pack('gree-install', '格力空调安装', ['格力安装'], ['install']),
  pack('cabinet', '橱柜衣柜安装', ['衣柜'], ['install']),
  pack('cable', '有线电视安装', ['机顶盒安装'], ['install']),
  pack('stages', '上门安装五阶段', ['家具安装'], ['install']),
]

function shown(packs: readonly PackChoice[], job: JobType | null, chosen: string | null = null) {
  const page = mount(StandardPicker, { props: { packs, job, modelValue: chosen } })
  const ids = () =>
    page.findAll('input[type=radio]').map((i) => i.attributes('data-testid')?.slice(13))
  const find = (words: string) => page.get('[data-testid="find-standard"]').setValue(words)
  return { page, ids, find }
}

test('many standards are found by name, by the words of orders, in either language', async () => {
  const { page, ids, find } = shown(PACKS, 'install')
  expect(ids(), 'no repair among them').toEqual(
    PACKS.map((p) => p.id).filter((id) => id !== 'gree-repair'),
  )
  await find('电信')
  expect(ids()).toEqual(['telecom', 'hebei'])
  await find(' cmcc ')
  expect(ids()).toEqual(['mobile'])
  await find('机顶盒')
  expect(ids()).toEqual(['cable'])
  await find('水管')
  expect(ids()).toEqual([])
  expect(page.find('[data-testid="no-standard"]').exists()).toBe(true)
})

test('what was chosen stays in sight', async () => {
  const { ids, find } = shown(PACKS, 'install', 'cabinet')
  await find('格力')
  expect(ids()).toEqual(['gree-install', 'cabinet'])
})

test('a few need no search', () => {
  const { page, ids } = shown(PACKS, 'repair')
  expect(ids()).toEqual(['mobile', 'telecom', 'hebei', 'gree-repair'])
  expect(page.find('[data-testid="find-standard"]').exists()).toBe(false)
})
