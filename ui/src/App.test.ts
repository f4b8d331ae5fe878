import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import App from './App.vue'

test('a tap on the door is counted', async () => {
  const page = mount(App)
  await page.get('[data-testid="hello"]').trigger('click')
  expect(page.text()).toContain('敲门 1 次')
})
