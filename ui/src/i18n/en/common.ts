// Words that every screen shares.
import type { common as zh } from '../zh/common'

export const common: Record<keyof typeof zh, string> = {
  'common.backspace': 'Backspace',
  'common.cancel': 'Cancel',
  'common.close': 'Close',
  'common.gotIt': 'Got it',
  'common.ok': 'OK',
  'common.ownWords': 'Or write a few words',
  'common.save': 'Save',

  'milestone.departed': 'Departed',
  'milestone.downstairs': 'Downstairs',
  'milestone.at_door': 'At the door',
  'milestone.entered': 'Entered',
  'milestone.left': 'Left',

  'field.name': 'name',
  'field.sn': 'serial number',
  'field.mac': 'MAC',
  'field.quantity': 'quantity',
  'field.unit': 'unit',
  'field.unitPrice': 'unit price',
  'field.channel': 'way of payment',
  'field.customer': 'customer',
  'field.phone': 'phone',
  'field.address': 'address',
  'field.job': 'job',
  'field.row': 'this row',

  'job.install': 'Install',
  'job.move': 'Move',
  'job.repair': 'Repair',

  'call.title': 'Call {name}',
  'call.logged': 'Seeing the whole number is logged',
  'call.alternate': 'Or contact: {who}',
  'call.about': 'What about',
  'call.how': 'How it went',
  'call.note': 'What the customer said (optional)',
  'call.log': 'Log this call',
  'call.purpose.appointment': 'Appointment',
  'call.purpose.before_leaving': 'Before leaving',
  'call.purpose.change': 'Change the time',
  'call.purpose.at_door': 'No answer at the door',
  'call.purpose.other': 'Other',
  'call.result.answered': 'Answered',
  'call.result.no_answer': 'No answer',
  'call.result.unreachable': 'Switched off',
  'call.result.busy': 'Busy',

  'date.choose': 'Choose a date',
  'date.year': 'Year',
  'date.monthOf': 'Month',
  'date.month': '{n}',
  'date.day': 'Day',

  'time.earlier': '{n} minutes earlier',
  'time.later': '{n} minutes later',
  'time.wrong': 'Write the time like 14:00',

  'pin.typed': '{n} digits typed',
}
