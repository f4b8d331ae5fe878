// What is typed of the office's slip, on the first start and later.
import { computed, reactive, type ComputedRef } from 'vue'
import { useText } from '@/i18n'
import { plainCode } from './code'

/** The three fields as they are sent. */
export interface OfficeSlip {
  address: string
  code: string
  device: string
}

/** The fields, whether enough is filled in, and what is then sent. */
export interface OfficeForm {
  fields: OfficeSlip
  filled: ComputedRef<boolean>
  slip(): OfficeSlip
}

/** A form that begins with the address of the server, where one is known. */
export function useOfficeForm(address = ''): OfficeForm {
  const t = useText()
  const fields = reactive({ address, code: '', device: t('enrol.deviceUsual') })
  const slip = (): OfficeSlip => ({
    address: fields.address.trim(),
    code: plainCode(fields.code),
    device: fields.device.trim() || t('enrol.deviceUsual'),
  })
  const filled = computed(() => slip().address !== '' && slip().code !== '')
  return { fields, filled, slip }
}
