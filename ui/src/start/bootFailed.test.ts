import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { refuse } from '@/backend'
import BootFailed from './BootFailed.vue'

it('says why the tablet does not open and offers another try', async () => {
  const page = mount(BootFailed, { props: { refusal: refuse('database_from_future') } })
  expect(page.get('[data-testid="boot-failed"]').attributes('data-code')).toBe(
    'database_from_future',
  )
  expect(page.get('h1').text().length, 'a sentence, not a code').toBeGreaterThan(5)
  await page.get('[data-testid="boot-retry"]').trigger('click')
  expect(page.emitted('retry')).toHaveLength(1)
})
